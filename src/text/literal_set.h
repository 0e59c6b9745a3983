// LiteralSet: many literals searched at once, without case, in one pass over the text.
//
// Owns:    the compiled database. Move-only.
// Threads: immutable after construction; scan() from any thread, each with its own Scratch.
// Cost:    one pass at the speed of Vectorscan's literal matcher; no allocation.
// Fails:   a set that Vectorscan refuses to compile is not usable(): the caller then treats every literal as found.
// Source:  Vectorscan (the Hyperscan interface), hs_compile_lit_multi.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gander::text {

class LiteralSet {
 public:
  // Working memory of one thread for one set; made from the set, freed with it.
  class Scratch {
   public:
    Scratch() = default;

   private:
    friend class LiteralSet;
    struct Free {
      void operator()(void* p) const;
    };
    std::unique_ptr<void, Free> memory_;
    const LiteralSet* owner_ = nullptr;
  };

  LiteralSet() = default;
  // Literal i is reported as number i. Empty literals are not allowed.
  explicit LiteralSet(const std::vector<std::string>& literals);
  LiteralSet(LiteralSet&&) noexcept;
  LiteralSet& operator=(LiteralSet&&) noexcept;
  ~LiteralSet();

  bool usable() const { return database_ != nullptr; }
  // Calls found(context, number) for each literal that occurs, at least once.
  void scan(std::string_view text, Scratch& scratch, void (*found)(void* context, uint32_t number),
            void* context) const;

 private:
  struct Free {
    void operator()(void* p) const;
  };
  std::unique_ptr<void, Free> database_;
  std::unique_ptr<void, Scratch::Free> prototype_;
};

}  // namespace gander::text
