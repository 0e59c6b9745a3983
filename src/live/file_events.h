// FileEvents: integrity messages (queue 8) as events, with the files of queue/syscheck changed together with the batch.
//
// Owns:    what integrity::SyscheckDecoder remembers.
// Threads: one thread.
// Fails:   cannot; what a message lacks is said in the log.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "decode/decoder_set.h"
#include "integrity/syscheck_decoder.h"
#include "model/event.h"
#include "store/batch.h"

namespace gander::live {

class FileEvents {
 public:
  using Log = std::function<void(const std::string&)>;

  FileEvents(const config::Config& config, const std::string& home, model::Compat compat, const base::TimeZone& zone,
             store::Batch& batch, Log log);
  // Identities are those of the ruleset in use.
  void reload(const decode::DecoderSet& decoders);

  // Fills the texts, decoder, file and actor of `event`, whose time, location and host name are set. `who`: the JSON of
  // the actor, or nothing. False: no event comes of it.
  bool make(std::string_view body, std::string_view who, model::Event& event);
  void flush();
  // What flush() put into the batch is on disk.
  void kept();

 private:
  const model::DecoderInfo& decoder_for(std::string_view name) const;
  void keep_file(const integrity::FileEvent& made);

  integrity::SyscheckDecoder decoder_;
  std::string home_;
  store::Batch& batch_;
  Log log_;
  std::vector<std::pair<std::string, model::DecoderInfo>> infos_;  // by name for <decoded_as>
  model::FileChange file_;
  std::optional<model::Actor> actor_;
  bool flushed_ = false;
};

}  // namespace gander::live
