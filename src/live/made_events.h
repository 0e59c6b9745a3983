// MadeEvents: messages that are no log lines: root checks (queue 9) and host information (queue 3). They have decoders
// without a pattern, and a memory of what was said before.
//
// Owns:    that memory (queue/rootcheck/LOCATION, queue/fts/hostinfo), changed together with the batch in hand.
// Threads: one thread.
// Cost:    a hash look-up a message; a file that changed is written once a batch, and read again before: other programs
//          (rootcheck_control) may have cleared it.
// Fails:   cannot.
// OSSEC:   same files; a location never leaves its folder.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "decode/decoder_set.h"
#include "live/root_findings.h"
#include "model/decoder_info.h"
#include "model/event.h"
#include "store/batch.h"

namespace gander::live {

class MadeEvents {
 public:
  using Read = std::function<std::string(const std::string& name)>;

  // Identities are those of the ruleset in use; reload() when it changes.
  MadeEvents(Read read, store::Batch& batch);
  void reload(const decode::DecoderSet& decoders);

  // Both fill decoder, category, sight and file of an event whose texts are set.
  void rootcheck(model::Event& event);
  // False: this was said before and is dropped.
  bool host_information(model::Event& event);

  // Behind the last event of a batch.
  void flush();

 private:
  struct Findings {
    std::vector<RootFinding> all;
    std::unordered_map<std::string, size_t> by_text;
    std::string file;  // as it was read or written last
    bool changed = false;
    bool current = false;  // nobody else can have changed the file since it was looked at
  };

  Findings& findings_of(const std::string& name);
  void read_file_of(model::Event& event);
  void load_hosts();

  Read read_;
  store::Batch& batch_;
  model::DecoderInfo root_new_;
  model::DecoderInfo root_known_;
  model::DecoderInfo host_new_;
  model::DecoderInfo host_changed_;
  std::map<std::string, Findings> findings_;  // by file name
  std::map<std::string, std::set<std::string>> hosts_;
  bool hosts_loaded_ = false;
  model::FileChange file_;
};

}  // namespace gander::live
