// Any bytes as a request between the processes, as a request or reply of the control socket, and as ar.conf: what is
// accepted comes back the same, and no word that reaches a script is other than it may be, in both modes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "respond/control_message.h"
#include "respond/name_lookup.h"
#include "respond/record_text.h"
#include "respond/request.h"
#include "respond/request_check.h"
#include "respond/words.h"

namespace {

using namespace gander::respond;
using gander::model::Compat;

void require(bool holds) {
  if (!holds) std::abort();
}

bool harmless(const std::string& word, std::string_view others) {
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
  });
}

// What a script would be called with.
void check_words(const ResponseRequest& request, Compat compat, bool names) {
  ResponseEntry entry;
  entry.expects =
      ResponseEntry::Expects{!request.user.empty(), !request.srcip.empty(), names, !request.filename.empty()};
  const auto good = checked(request, entry, compat);
  if (!good) return;
  const auto words = script_words(*good, compat);
  require(words.size() >= 4 || compat == Compat::Ossec43);
  size_t total = 0;
  for (const std::string& word : words) {
    require(word.find('\0') == std::string::npos);
    total += word.size();
  }
  require(total < 2 * kMostRequestBytes);
  if (words.size() < 4) return;
  require(harmless(words[0], "._@?-"));
  require(harmless(words[1], ".:_-"));
  require(harmless(words[2], ".()_"));
  if (compat == Compat::Ossec43 || words[1] == "-" || names) return;
  const auto address = source_address(words[1]);
  require(address && address->text == words[1]);
}

void check_request(std::string_view input) {
  const auto request = decode_request(input);
  if (!request) return;
  require(encode(*request) == input);
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
    check_words(*request, compat, false);
    check_words(*request, compat, true);
  }
}

// The same bytes as arguments, cut at line ends.
void check_arguments(std::string_view input) {
  ResponseRequest request;
  std::string* const texts[] = {&request.user,     &request.srcip,     &request.filename, &request.location,
                                &request.alert_id, &request.stable_id, &request.response};
  for (std::string* text : texts) {
    const size_t end = std::min(input.find('\n'), input.size());
    *text = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) check_words(request, compat, false);
  if (const auto back = decode_request(encode(request))) check_words(*back, Compat::Mended, true);
}

void check_control(std::string_view input) {
  if (const auto request = parse_control(input)) {
    const auto again = parse_control(control_line(*request));
    require(again && control_line(*again) == control_line(*request));
  }
  if (const auto reply = parse_reply(input)) require(parse_reply(reply_lines(*reply)).has_value());
  if (const auto fields = split_record(input)) require(split_record(join_record(*fields)) == fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_request(input);
  check_arguments(input);
  check_control(input);
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
    std::vector<std::string> log;
    const ResponseList list = ResponseList::parse(input, "ar.conf", compat, log);
    require(list.entries.size() + log.size() <= size + 1);
  }
  for (const auto& address : addresses_in(input)) require(address.bytes.size() == 16);
  return 0;
}
