#include "text/literal_set.h"

#include <hs.h>

#include <new>

namespace gander::text {
namespace {

struct Call {
  void (*found)(void*, uint32_t);
  void* context;
};

int on_match(unsigned int id, unsigned long long, unsigned long long, unsigned int, void* context) {
  const auto* const call = static_cast<const Call*>(context);
  call->found(call->context, id);
  return 0;
}

}  // namespace

void LiteralSet::Free::operator()(void* p) const {
  hs_free_database(static_cast<hs_database_t*>(p));
}
void LiteralSet::Scratch::Free::operator()(void* p) const {
  hs_free_scratch(static_cast<hs_scratch_t*>(p));
}

LiteralSet::LiteralSet(const std::vector<std::string>& literals) {
  if (literals.empty()) return;
  std::vector<const char*> texts;
  std::vector<size_t> lengths;
  std::vector<unsigned> flags(literals.size(), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH);
  std::vector<unsigned> ids;
  for (const std::string& literal : literals) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(literal.data());
    lengths.push_back(literal.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return;
  }
  database_.reset(database);
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
    database_.reset();
    return;
  }
  prototype_.reset(scratch);
}

LiteralSet::LiteralSet(LiteralSet&&) noexcept = default;
LiteralSet& LiteralSet::operator=(LiteralSet&&) noexcept = default;
LiteralSet::~LiteralSet() = default;

void LiteralSet::scan(std::string_view text, Scratch& scratch, void (*found)(void* context, uint32_t number),
                      void* context) const {
  if (scratch.owner_ != this) {
    hs_scratch_t* copy = nullptr;
    if (hs_clone_scratch(static_cast<const hs_scratch_t*>(prototype_.get()), &copy) != HS_SUCCESS)
      throw std::bad_alloc();
    scratch.memory_.reset(copy);
    scratch.owner_ = this;
  }
  Call call{found, context};
  hs_scan(static_cast<const hs_database_t*>(database_.get()), text.data() ? text.data() : "",
          static_cast<unsigned>(text.size()), 0, static_cast<hs_scratch_t*>(scratch.memory_.get()), &on_match, &call);
}

}  // namespace gander::text
