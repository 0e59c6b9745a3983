// The words a response script is called with: which texts may be one, and how they are put together.
//
// Threads: functions of their arguments.
// Cost:    one pass.
// Fails:   cannot.
// OSSEC:   same characters allowed, same order of words; see docs/compat.md#active-response.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/compat.h"
#include "respond/request.h"
#include "text/ip_set.h"

namespace gander::respond {

constexpr size_t kMostName = 256;  // bytes of a user, a source, a response
constexpr size_t kMostPath = 4096;

// Letters, digits and ". _ @ ? -".
bool is_user_text(std::string_view text);
// Letters, digits and ". : _ -".
bool is_source_text(std::string_view text);
// Digits, a dot, digits.
bool is_alert_id(std::string_view text);

// An address as inet_ntop writes it, IPv4-mapped ones as IPv4. Only the usual form is read: "10.0.0.1" has no other
// spelling, so that no two keys are the same address.
struct SourceAddress {
  std::string text;
  text::Address address;
};
std::optional<SourceAddress> source_address(std::string_view text);
// Without a leading "::ffff:", as OSSEC takes it off.
std::string_view without_mapping(std::string_view source);

bool from_agent(std::string_view location);

// A backslash before each character that means something to a shell.
std::string escaped_filename(std::string_view filename);

// What stands behind "add" or "delete". Compat::Ossec43 splits at blanks and cuts as its datagram does.
std::vector<std::string> script_words(const ResponseRequest& request, model::Compat compat);

}  // namespace gander::respond
