#include "store/day_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/alert_record.h"
#include "store/alert_words.h"

namespace gander::store {
namespace {

// More kinds than this are looked at row by row; so many streams would be slower.
constexpr size_t kMostStreams = 200;
enum Column { kTime, kKind, kSrcIp, kDstIp, kUser, kSrcUser, kHost };

int64_t micros(base::Instant t) {
  return t.time_since_epoch().count();
}

bool holds_group(std::string_view groups, std::string_view wanted) {
  while (!groups.empty()) {
    const size_t comma = groups.find(',');
    if (groups.substr(0, comma) == wanted) return true;
    if (comma == std::string_view::npos) return false;
    groups.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

Result<bool> DaySearch::run(const AlertSearch::Take& take) {
  if (query_.address.find('/') != std::string::npos) {
    network_.emplace();
    const auto added = network_->add(query_.address);
    if (!added) return fail("A208", "'" + query_.address + "' is no network: " + std::string(describe(added.error())));
  }
  Result<Statement> row =
      file_.db().prepare("SELECT time, kind, src_ip, dst_ip, user, src_user, host FROM alerts WHERE id = ?1");
  if (!row) return tl::unexpected(row.error());
  row_ = std::move(*row);
  Result<Statement> record = file_.db().prepare("SELECT record FROM records WHERE id = ?1");
  if (!record) return tl::unexpected(record.error());
  record_ = std::move(*record);
  const Result<bool> any = choose_kinds();
  if (!any) return any;
  if (!*any) return true;
  if (!query_.text.empty()) return walk_text(take);
  const Result<void> chosen = choose_streams();
  if (!chosen) return tl::unexpected(chosen.error());
  return walk(take);
}

// The kinds of alerts that rule, level and group leave. False: none.
Result<bool> DaySearch::choose_kinds() {
  filter_kinds_ = query_.min_level > 0 || !query_.rules.empty() || !query_.group.empty();
  if (!filter_kinds_) return true;
  Result<Statement> kinds = file_.db().prepare("SELECT id, rule, level, groups FROM kinds");
  if (!kinds) return tl::unexpected(kinds.error());
  for (;;) {
    const Result<bool> row = kinds->step();
    if (!row) return row;
    if (!*row) return !kinds_.empty();
    const auto rule = static_cast<int>(kinds->number(1));
    const bool wanted =
        query_.rules.empty() || std::find(query_.rules.begin(), query_.rules.end(), rule) != query_.rules.end();
    if (wanted && kinds->number(2) >= query_.min_level &&
        (query_.group.empty() || holds_group(kinds->text(3), query_.group))) {
      kinds_.insert(kinds->number(0));
    }
  }
}

// The most telling condition leads.
Result<void> DaySearch::choose_streams() {
  const auto both = [&](const char* first, const char* second, const std::string& value) {
    const Result<void> done = add_stream(first, value);
    return done ? add_stream(second, value) : done;
  };
  if (!query_.address.empty() && !network_) return both("src_ip", "dst_ip", query_.address);
  if (!query_.user.empty()) return both("user", "src_user", query_.user);
  if (filter_kinds_ && kinds_.size() <= kMostStreams) {
    for (const int64_t kind : kinds_) {
      const Result<void> done = add_kind_stream(kind);
      if (!done) return done;
    }
    return {};
  }
  if (!query_.host.empty()) return add_stream("host", query_.host);
  return add_time_stream();
}

Result<void> DaySearch::open_stream(const std::string& where, const std::function<void(Statement&)>& bind) {
  const std::string order = newest_first() ? "DESC" : "ASC";
  const std::string sql = "SELECT id, time FROM alerts WHERE " + where +
                          " AND time >= ?1 AND time < ?2 ORDER BY time " + order + ", id " + order;
  Result<Statement> statement = file_.db().prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  Stream stream;
  stream.statement = std::move(*statement);
  stream.statement.bind(1, query_.since ? micros(*query_.since) : std::numeric_limits<int64_t>::min());
  stream.statement.bind(2, query_.until ? micros(*query_.until) : std::numeric_limits<int64_t>::max());
  bind(stream.statement);
  const Result<bool> row = advance(stream);
  if (!row) return tl::unexpected(row.error());
  if (*row) streams_.push_back(std::move(stream));
  return {};
}

Result<void> DaySearch::add_stream(const char* column, const std::string& value) {
  return open_stream(std::string(column) + " = ?3", [&](Statement& s) { s.bind(3, std::string_view(value)); });
}

Result<void> DaySearch::add_kind_stream(int64_t kind) {
  return open_stream("kind = ?3", [&](Statement& s) { s.bind(3, kind); });
}

Result<void> DaySearch::add_time_stream() {
  return open_stream("1", [](Statement&) {});
}

Result<bool> DaySearch::advance(Stream& stream) {
  const Result<bool> row = stream.statement.step();
  if (!row || !*row) return row;
  stream.id = stream.statement.number(0);
  stream.time = stream.statement.number(1);
  return true;
}

// Merges the streams; an alert that two of them hold comes from both at once.
Result<bool> DaySearch::walk(const AlertSearch::Take& take) {
  const auto behind = [&](const Stream& a, const Stream& b) {
    const std::pair left(a.time, a.id);
    const std::pair right(b.time, b.id);
    return newest_first() ? left < right : right < left;
  };
  std::make_heap(streams_.begin(), streams_.end(), behind);
  int64_t last = -1;
  while (!streams_.empty()) {
    std::pop_heap(streams_.begin(), streams_.end(), behind);
    Stream& first = streams_.back();
    const int64_t id = first.id;
    const Result<bool> row = advance(first);
    if (!row) return row;
    if (*row) {
      std::push_heap(streams_.begin(), streams_.end(), behind);
    } else {
      streams_.pop_back();
    }
    if (id == last || id <= after_id_) continue;
    last = id;
    const Result<bool> given = give(id, take);
    if (!given || !*given) return given;
  }
  return true;
}

// Ids between which all alerts of the time asked for lie.
Result<std::pair<int64_t, int64_t>> DaySearch::ids_of_the_time() {
  std::pair<int64_t, int64_t> ids(after_id_ + 1, std::numeric_limits<int64_t>::max());
  if (!query_.since && !query_.until) return ids;
  Result<Statement> range = file_.db().prepare("SELECT min(id), max(id) FROM alerts WHERE time >= ?1 AND time < ?2");
  if (!range) return tl::unexpected(range.error());
  range->bind(1, query_.since ? micros(*query_.since) : std::numeric_limits<int64_t>::min());
  range->bind(2, query_.until ? micros(*query_.until) : std::numeric_limits<int64_t>::max());
  const Result<bool> row = range->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row || range->is_null(0)) return std::pair<int64_t, int64_t>(1, 0);
  return std::pair(std::max(ids.first, range->number(0)), range->number(1));
}

Result<bool> DaySearch::walk_text(const AlertSearch::Take& take) {
  const Result<std::string> expression = words_query(query_.text);
  if (!expression) return tl::unexpected(expression.error());
  const Result<std::pair<int64_t, int64_t>> ids = ids_of_the_time();
  if (!ids) return tl::unexpected(ids.error());
  Result<Statement> found =
      file_.db().prepare(std::string("SELECT rowid FROM words WHERE words MATCH ?1 AND rowid >= ?2 "
                                     "AND rowid <= ?3 ORDER BY rowid ") +
                         (newest_first() ? "DESC" : "ASC"));
  if (!found) return tl::unexpected(found.error());
  found->bind(1, std::string_view(*expression)).bind(2, ids->first).bind(3, ids->second);
  for (;;) {
    const Result<bool> row = found->step();
    if (!row) return row;
    if (!*row) return true;
    const Result<bool> given = give(found->number(0), take);
    if (!given || !*given) return given;
  }
}

bool DaySearch::address_fits(int column) const {
  if (row_.is_null(column)) return false;
  return network_ ? network_->matches(row_.text(column)) : row_.text(column) == query_.address;
}

bool DaySearch::fits() const {
  const int64_t time = row_.number(kTime);
  if (query_.since && time < micros(*query_.since)) return false;
  if (query_.until && time >= micros(*query_.until)) return false;
  if (filter_kinds_ && !kinds_.contains(row_.number(kKind))) return false;
  if (!query_.address.empty() && !address_fits(kSrcIp) && !address_fits(kDstIp)) return false;
  if (!query_.user.empty() && row_.text(kUser) != query_.user && row_.text(kSrcUser) != query_.user) return false;
  return query_.host.empty() || row_.text(kHost) == query_.host;
}

Result<bool> DaySearch::give(int64_t id, const AlertSearch::Take& take) {
  row_.bind(1, id);
  const Result<bool> row = row_.step();
  if (!row) return row;
  if (!*row) return true;
  const bool wanted = fits();
  row_.reset();
  if (!wanted) return true;
  record_.bind(1, id);
  const Result<bool> found = record_.step();
  if (!found) return found;
  model::StoredAlert alert;
  const bool good = *found && model::read_record(record_.text(0), alert);
  record_.reset();
  return good ? take(alert) : true;
}

}  // namespace gander::store
