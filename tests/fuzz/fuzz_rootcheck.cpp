// Files of policies and signatures: whatever stands in them, places lie within, and what was read can be asked.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rootcheck/policy.h"
#include "rootcheck/signatures.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gander;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  text::MatchContext context;
  for (const model::Compat compat : {model::Compat::Ossec43, model::Compat::Mended}) {
    Diagnostics findings;
    const rootcheck::Policy policy = rootcheck::Policy::parse(all, "p", compat, findings);
    for (const rootcheck::PolicyEntry& entry : policy.entries) {
      if (entry.tests.empty()) std::abort();
      for (const rootcheck::PolicyTest& test : entry.tests) {
        if (test.kind != rootcheck::PolicyTest::Kind::Process && test.targets.empty()) std::abort();
        if (test.kind == rootcheck::PolicyTest::Kind::Directory && !test.name) std::abort();
        if (test.pattern) static_cast<void>(test.pattern->matches(all.substr(0, 512), context));
      }
    }
    static_cast<void>(rootcheck::parse_file_signatures(all, "f", compat, findings));
    for (const Diagnostic& d : findings.entries()) {
      if (d.at.line < 1 || d.at.column < 1) std::abort();
    }
  }
  return 0;
}
