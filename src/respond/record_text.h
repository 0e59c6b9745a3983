// Records of texts as lines: fields between tabs, bytes that would disturb as %XX. For the state file and the control
// socket.
//
// Threads: functions of their arguments.
// Cost:    one pass.
// Fails:   split_record() with nullopt on a broken escape.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gander::respond {

// Without a line end. No field holds a tab, a line end or a blank after escaping.
std::string join_record(const std::vector<std::string>& fields);
std::optional<std::vector<std::string>> split_record(std::string_view line);

// Several texts as one field, and back.
std::string join_words(const std::vector<std::string>& words);
std::optional<std::vector<std::string>> split_words(std::string_view field);

// nullopt: no number, or not all of it.
std::optional<int64_t> number_in(std::string_view field);

}  // namespace gander::respond
