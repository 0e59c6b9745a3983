// Any bytes as what the store reads back after a kill, a power cut or somebody's hand: journal, frames and records of
// the spool, chains, heads, places. Nothing of it may be trusted; what is whole must come back the same.
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "model/alert_record.h"
#include "store/alert_chain.h"
#include "store/alert_words.h"
#include "store/journal.h"
#include "store/journal_file.h"
#include "store/spool.h"

namespace {

using namespace gander;
using namespace gander::store;

void require(bool holds) {
  if (!holds) std::abort();
}

// A file with these bytes that has no name.
class Memory {
 public:
  explicit Memory(std::string_view bytes) : fd_(::memfd_create("fuzz", 0)) {
    require(fd_ >= 0 && ::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~Memory() { ::close(fd_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

void journal(std::string_view bytes) {
  const Memory memory(bytes);
  const Result<PosixFile> file = PosixFile::open_read(memory.path());
  require(file.has_value());
  const auto content = read_journal(*file);
  if (!content || !*content) return;
  for (const JournalWrite& w : (*content)->writes) {
    require(!w.path.empty() && w.path.front() != '/' && ("/" + w.path + "/").find("/../") == std::string::npos);
    require(w.stored_at + w.length <= bytes.size());
  }
}

// With the sizes and the hash that it should have, so that what is behind them is read.
void journal_of_sound_hash(std::string_view body) {
  if (body.empty()) return;
  const uint64_t described = static_cast<uint8_t>(body[0]) * (body.size() - 1) / 255;
  body.remove_prefix(1);
  std::string bytes = "GNDRJNL1";
  const uint64_t head[3] = {body.empty() ? 0 : static_cast<uint8_t>(body[0]) & 0x7Fu, described,
                            body.size() - described};
  bytes.append(reinterpret_cast<const char*>(head), sizeof head);
  const std::string hashed = bytes + std::string(body);
  const XXH128_hash_t sum = XXH3_128bits(hashed.data(), hashed.size());
  bytes.append(reinterpret_cast<const char*>(&sum.low64), 8).append(reinterpret_cast<const char*>(&sum.high64), 8);
  journal(bytes.append(body));
}

void frames(std::string_view bytes) {
  for (Frame frame = first_frame(bytes); frame.state == Frame::State::Whole; frame = first_frame(bytes)) {
    require(frame.size > kFrameHead && frame.size <= bytes.size());
    bytes.remove_prefix(frame.size);
  }
}

void record(std::string_view bytes) {
  model::StoredAlert alert;
  if (!model::read_record(bytes, alert)) return;
  std::string again;
  model::append_record(again, alert);
  model::StoredAlert back;
  require(model::read_record(again, back));
  std::string third;
  model::append_record(third, back);
  require(again == third);
  std::string framed(kFrameHead, '\0');
  framed += again;
  finish_frame(framed, 0, framed.size());
  require(first_frame(framed).record == again);
}

void chain(std::string_view bytes) {
  std::string whole(kChainMagic);
  whole += bytes;
  const auto end = end_of_chain("log", whole);
  if (end) require(end->chain_size == whole.size());
  const auto head = ChainHead::from_text(bytes);
  if (head) require(ChainHead::from_text(head->text())->text() == head->text());
  StoreEnds::from_text(bytes);
}

void words(std::string_view bytes) {
  const Result<std::string> query = words_query(bytes);
  if (query) require(query->size() <= 12 * bytes.size() + 32);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  journal(input);
  journal_of_sound_hash(input);
  frames(input);
  record(input);
  chain(input);
  words(input);
  return 0;
}
