// Checks of single values: numbers, addresses, mail addresses, times and days as OSSEC takes them.
//
// Threads: functions of their arguments. No name is looked up.
// Cost:    one pass over the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gander::config {

// Digits only; the empty text is 0 (as in OSSEC); too large ones stop at the largest int.
std::optional<int> parse_number(std::string_view text);
// Numbers with commas or blanks between them; `bad` is told the first word that is none.
std::vector<int> parse_numbers(std::string_view text, std::string& bad);
// Parts between commas and blanks, without empty ones.
std::vector<std::string_view> split_words(std::string_view text);

enum class AddressForm { One, Network };
// One: an IPv4 or IPv6 address. Network: also `any`, a leading `!`, and "/bits".
bool is_address(std::string_view text, AddressForm form);
bool holds_mail_address(std::string_view text);

// Minutes after midnight of "8", "8:30", "20:15", "8pm", "8:30 am"; `rest` is where it went wrong.
std::optional<int> parse_time_of_day(std::string_view text, std::string& rest);
// Bits (0 = Sunday) of "monday", "mon,tue", "weekdays", "!weekends"; `rest` is where it went wrong.
std::optional<uint8_t> parse_days(std::string_view text, std::string& rest);

// Quotes of word processors and web pages, in UTF-8 (“ ” „ ‘ ’ ‚ « » ″) or Windows-1252, where plain ones are needed.
bool starts_with_typographic_quote(std::string_view text);
bool holds_typographic_quote(std::string_view text);
constexpr const char* kPlainQuotes = "these are typographic quotes: write plain ones (\")";

// Whether `text` holds `word`, ASCII letters compared without case.
bool contains_any_case(std::string_view text, std::string_view word);

}  // namespace gander::config
