#include "report/report_tables.h"

#include <algorithm>

namespace gander::report {
namespace {

// The order in which values of several kinds stand below a row.
constexpr std::array<Item, kItemCount> kRelatedOrder = {Item::Location, Item::SrcIp, Item::User,    Item::Rule,
                                                        Item::Group,    Item::Level, Item::Filename};

size_t index(Item item) {
  return static_cast<size_t>(item);
}

}  // namespace

bool RelatedValues::contains(std::string_view value) const {
  if (known_.empty()) return std::find(values_.begin(), values_.end(), value) != values_.end();
  return known_.find(value) != known_.end();
}

void RelatedValues::add(std::string_view value) {
  values_.emplace_back(value);
  if (!known_.empty()) {
    known_.emplace(value);
  } else if (values_.size() > kFew) {
    known_.insert(values_.begin(), values_.end());
  }
}

Tables::Tables(const ReportOptions& options) : relations_(options.relations) {
  for (size_t i = 0; i < kItemCount; ++i) {
    related_tables_[i] = std::find(relations_[i].begin(), relations_[i].end(), true) != relations_[i].end();
  }
}

bool Tables::has_room(size_t bytes) {
  if (keys_ >= Report::kMaxKeys || bytes > Report::kMaxKeyBytes - key_bytes_) {
    ++uncounted_;
    return false;
  }
  ++keys_;
  key_bytes_ += bytes;
  return true;
}

void Tables::count(Item table, std::string_view key, const ItemTexts& texts) {
  Rows& rows = tables_[index(table)];
  auto row = rows.find(key);
  if (row == rows.end()) {
    if (!has_room(key.size())) return;
    row = rows.emplace(key, Row{}).first;
  }
  ++row->second.count;
  if (related_tables_[index(table)]) relate(table, row->second, texts);
}

void Tables::relate(Item table, Row& row, const ItemTexts& texts) {
  if (!row.related) row.related = std::make_unique<std::array<RelatedValues, kItemCount>>();
  for (size_t i = 0; i < kItemCount; ++i) {
    if (!relations_[index(table)][i] || texts[i].data() == nullptr) continue;
    RelatedValues& values = (*row.related)[i];
    if (!values.contains(texts[i]) && has_room(texts[i].size())) values.add(texts[i]);
  }
}

Table Tables::table(Item item) const {
  Table out;
  out.item = item;
  out.has_relations = related_tables_[index(item)];
  for (const auto& [key, row] : tables_[index(item)]) {
    report::Row shown{key, row.count, {}};
    for (const Item kind : kRelatedOrder) {
      if (!row.related) break;
      for (const std::string& value : (*row.related)[index(kind)].values()) shown.related.push_back({kind, value});
    }
    out.rows.push_back(std::move(shown));
  }
  std::sort(out.rows.begin(), out.rows.end(), [](const report::Row& a, const report::Row& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
  });
  return out;
}

}  // namespace gander::report
