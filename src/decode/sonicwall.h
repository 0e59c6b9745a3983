// The patterns of SonicWall_Decoder. Internal to this folder.
//
// Owns:    its patterns, compiled when the decoder is loaded.
// Threads: immutable.
#pragma once

#include <memory>

#include "model/event.h"
#include "text/pattern.h"

namespace gander::decode {

class SonicWall {
 public:
  static std::shared_ptr<const SonicWall> make(text::OnInvalidUtf8 on_invalid);

  void decode(model::Event& event, text::MatchContext& context, text::Match& match) const;

 private:
  SonicWall(text::Pattern head, text::Pattern addresses, text::Pattern page)
      : head_(std::move(head)), addresses_(std::move(addresses)), page_(std::move(page)) {}

  text::Pattern head_;
  text::Pattern addresses_;
  text::Pattern page_;
};

}  // namespace gander::decode
