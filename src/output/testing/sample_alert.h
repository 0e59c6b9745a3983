// SampleAlert: an alert put together by hand, for the tests of the writers.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.h"

namespace gander::output::testing {

struct SampleAlert {
  SampleAlert() {
    rule.id = 100;
    rule.level = 5;
    rule.description = "login seen";
    rule.group = "t,auth,";
    decoder.name = "app";
    decoder.parent = "app";
    event.time = base::from_unix(1709632800);
    event.decoder = &decoder;
    at("h1", "/var/log/app.log");
    event.program_name = event.keep("app");
    log("Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=0");
  }

  SampleAlert& at(std::string_view host, std::string_view location) {
    event.hostname = event.keep(host);
    event.location = event.keep(location);
    return *this;
  }
  SampleAlert& agent(std::string_view location) {
    event.location = event.keep(location);
    event.hostname = event.location;
    return *this;
  }
  SampleAlert& log(std::string_view text) {
    event.full_log = event.keep(text);
    event.log = event.full_log;
    return *this;
  }
  SampleAlert& set(model::Field f, std::string_view value) {
    event.set(f, event.keep(value));
    return *this;
  }
  SampleAlert& named(std::string_view name, std::string_view value) {
    event.named.push_back({event.keep(name), event.keep(value)});
    return *this;
  }

  model::Alert alert() { return {number, &rule, &event, previous, fired_times}; }

  uint64_t number = 1;
  uint64_t fired_times = 1;
  model::RuleInfo rule;
  model::DecoderInfo decoder;
  model::Event event;
  std::vector<std::string_view> previous;
};

// The record of a golden file that starts with `start` and ends with `stop` (included).
inline std::string golden_record(const std::string& case_file, std::string_view start, std::string_view stop) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/" + case_file, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  const size_t begin = all.find(start);
  if (begin == std::string::npos) return "no such record";
  return all.substr(begin, all.find(stop, begin) + stop.size() - begin);
}

}  // namespace gander::output::testing
