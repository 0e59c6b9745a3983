// Header recognition and decoding of any line, with decoders that use every feature of the language. The first byte
// chooses the mode; the line follows.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "decode/accumulator.h"
#include "decode/decoder_set.h"
#include "decode/header.h"

namespace {

using gander::model::Compat;
using gander::model::Event;

constexpr const char* kDecoders = R"(
<decoder name="door"><program_name>^door$|^gate</program_name></decoder>
<decoder name="door-open"><parent>door</parent><prematch>^open </prematch>
  <regex offset="after_prematch">^(\S+) from (\S+)</regex><order>user, srcip</order></decoder>
<decoder name="door-open"><parent>door</parent><regex offset="after_regex">port (\d+)</regex><order>srcport</order></decoder>
<decoder name="door-shut"><parent>door</parent><use_own_name>true</use_own_name><prematch_pcre2>^shut (\w+) ?</prematch_pcre2>
  <pcre2 offset="after_prematch">^(.*?)=(.*)$</pcre2><order>key, value</order><type>ids</type><accumulate>yes</accumulate></decoder>
<decoder name="door-any"><parent>door</parent><regex>(\w+)$|(\d+)</regex><order>id</order><accumulate>yes</accumulate></decoder>
<decoder name="door-any"><parent>door</parent><regex offset="after_regex">(\.*)</regex><order>a, b,my_filename</order></decoder>
<decoder name="packet"><program_name>^packet</program_name><plugin_decoder>PF_Decoder</plugin_decoder></decoder>
<decoder name="web"><program_name_pcre2>^web\d*$</program_name_pcre2><plugin_decoder>SymantecWS_Decoder</plugin_decoder></decoder>
<decoder name="wall"><prematch>^id=\S+ </prematch><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>
<decoder name="relay"><prematch>^Alert Level: |^ossec: Alert</prematch><plugin_decoder>OSSECAlert_Decoder</plugin_decoder></decoder>
<decoder name="key"><prematch>^key </prematch><regex offset="after_prematch">(\S+)=(\S*) *</regex><order>dyn, dyn2</order></decoder>
<decoder name="tail"><prematch>end$</prematch></decoder>
<decoder name="tail-a"><parent>tail</parent><prematch offset="after_parent">^$</prematch><regex>^(\W*)(\w*)</regex><order>id, url</order></decoder>
)";

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

gander::decode::DecoderSet load(Compat compat) {
  std::string folder = (std::filesystem::temp_directory_path() / "gander-fuzz-XXXXXX").string();
  require(::mkdtemp(folder.data()) != nullptr, "a folder for the decoder file");
  const std::string path = folder + "/decoder.xml";
  std::ofstream(path) << kDecoders;
  gander::Diagnostics diagnostics;
  gander::decode::DecoderOptions options;
  options.compat = compat;
  auto set = gander::decode::DecoderSet::load({{"decoder.xml", path, false, false}}, options, diagnostics);
  std::filesystem::remove_all(folder);
  for (const auto& d : diagnostics.entries()) std::fputs(d.message.c_str(), stderr);
  require(!diagnostics.has_errors(), "the decoders load");
  return set;
}

// Reads every byte of a view (the sanitizer looks at each access) and says no to control characters.
void check_view(std::string_view v) {
  for (const char c : v) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control characters");
}

void check_views(const Event& event, const std::vector<gander::decode::FilledField>& filled) {
  for (const std::string_view v : {event.full_log, event.log, event.program_name, event.hostname}) check_view(v);
  for (const std::string_view v : event.fields) check_view(v);
  for (const auto& named : event.named) {
    require(!named.name.empty(), "a field has a name");
    check_view(named.value);
  }
  for (const auto& f : filled) check_view(f.value);
  for (const auto& note : event.notes) check_view(note);
  require(event.hostname.data() != nullptr, "a host name");
  const char* const begin = event.full_log.data();
  require(event.log.data() >= begin && event.log.data() + event.log.size() <= begin + event.full_log.size(),
          "the log lies inside the message");
}

bool same(const Event& a, const Event& b) {
  if (a.decoder != b.decoder || a.category != b.category || a.named.size() != b.named.size()) return false;
  for (size_t i = 0; i < a.named.size(); ++i) {
    if (a.named[i].name != b.named[i].name || a.named[i].value != b.named[i].value) return false;
  }
  for (size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i] != b.fields[i] || (a.fields[i].data() == nullptr) != (b.fields[i].data() == nullptr)) return false;
  }
  return a.log == b.log && a.full_log == b.full_log && a.location == b.location && a.notes == b.notes &&
         a.decided_rule == b.decided_rule && a.decided_elsewhere == b.decided_elsewhere;
}

struct Session {
  explicit Session(Compat compat) : set(load(compat)) {}

  gander::decode::DecoderSet set;
  gander::decode::DecodeScratch scratch;
  gander::decode::Accumulator accumulator{gander::model::Compat::Mended, 16};
  Event quick;
  Event slow;
  std::vector<gander::decode::FilledField> filled;
};

void run(Session& session, std::string_view line, std::string_view location) {
  const std::function<bool(int)> knows = [](int id) { return id % 2 == 1; };
  session.scratch.knows_rule = &knows;
  for (Event* event : {&session.quick, &session.slow}) {
    event->reset();
    gander::decode::read_header(line, location, "host", *event);
  }
  session.filled.clear();
  session.scratch.filled = &session.filled;
  session.set.decode(session.quick, session.scratch);
  check_views(session.quick, session.filled);
  session.scratch.filled = nullptr;
  session.set.decode_slow(session.slow, session.scratch);
  require(same(session.quick, session.slow), "quick and slow decoding agree");
  if (session.quick.decoder && session.quick.decoder->accumulate) {
    session.accumulator.update(session.quick);
    check_views(session.quick, {});
  }
  require(session.accumulator.size() <= 16, "the accumulator is bounded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::unique_ptr<Session> kSessions[] = {std::make_unique<Session>(Compat::Mended),
                                                       std::make_unique<Session>(Compat::Ossec43)};
  if (size == 0) return 0;
  const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  run(*kSessions[data[0] & 1], line, (data[0] & 2) != 0 ? "(agent) 192.0.2.1->/var/log/x" : "stdin");
  return 0;
}
