// FirstSeen: keys of events seen before, for <if_fts> (first time seen).
//
// Owns:    the keys known, and the newest keys of decoders of type `ids`. Borrows the StateStore.
// Threads: one thread.
// Cost:    one hash look-up per question; `ids` keys are also compared with the last list_size ones. At most
//          kMaxKeys keys of at most kMaxKey bytes are known: the oldest leave first and would count as new again.
// Fails:   cannot.
// OSSEC:   4.3 cuts a key at 255 bytes; mended, a longer key keeps a digest of the whole, so that a long user name
//          does not hide the address behind it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

#include "model/compat.h"
#include "model/event.h"
#include "model/state_store.h"

namespace gander::rules {

// Whether state is written to the StateStore or only read from it (as OSSEC's test tool does).
enum class StoreWrites { No, Yes };

class FirstSeen {
 public:
  static constexpr size_t kMaxKey = 255;
  static constexpr size_t kMaxKeys = 1'000'000;

  // Reads the store's lines. `list_size` and `min_size_for_str`: analysisd.fts_list_size, fts_min_size_for_str.
  FirstSeen(model::StateStore& store, StoreWrites writes, model::Compat compat, int list_size, int min_size_for_str);

  // True, and known from now on, when the event's key was not known. False for decoders without a key.
  bool is_new(const model::Event& event);

  size_t size() const { return known_.size(); }

 private:
  void build_key(const model::Event& event, uint32_t items);
  void limit_key();
  bool many_alike() const;
  void learn(const std::string& key);

  model::StateStore& store_;
  StoreWrites writes_;
  model::Compat compat_;
  size_t list_size_;
  size_t alike_;
  std::string key_;                             // of the event in hand
  std::deque<std::string> order_;               // keys, oldest first
  std::unordered_set<std::string_view> known_;  // views into order_
  std::deque<std::string> ids_;                 // keys stored for `ids` decoders, newest first
};

}  // namespace gander::rules
