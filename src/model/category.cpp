#include "model/category.h"

#include <utility>

namespace gander::model {
namespace {

constexpr std::pair<std::string_view, Category> kWords[] = {
    {"syslog", Category::Syslog},
    {"ids", Category::Ids},
    {"firewall", Category::Firewall},
    {"web-log", Category::WebLog},
    {"squid", Category::Squid},
    {"windows", Category::Windows},
    {"host-information", Category::HostInformation},
    {"ossec", Category::Ossec},
};

}  // namespace

std::optional<Category> category_from(std::string_view word) {
  for (const auto& [name, category] : kWords) {
    if (name == word) return category;
  }
  return std::nullopt;
}

std::string_view category_word(Category c) {
  for (const auto& [name, category] : kWords) {
    if (category == c) return name;
  }
  return "";
}

}  // namespace gander::model
