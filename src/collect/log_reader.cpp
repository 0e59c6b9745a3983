#include "collect/log_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gander::collect {

void Block::reserve(size_t capacity, size_t keep) {
  if (capacity <= capacity_) return;
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (keep > 0) std::memcpy(larger.get(), bytes_.get(), keep);
  bytes_ = std::move(larger);
  capacity_ = capacity;
}

LogReader::LogReader(std::unique_ptr<InputFile> file, const ReadOptions& options)
    : options_(options),
      file_(std::move(file)),
      cutter_(options.compat, std::max<size_t>(options.longest_line, 1)),
      random_(options.read_seed) {
  options_.block_bytes = std::max<size_t>(options.block_bytes, 1);
}

Result<LogReader> LogReader::start(Result<InputFile> file, const ReadOptions& options) {
  if (!file) return tl::unexpected(std::move(file.error()));
  LogReader reader(std::make_unique<InputFile>(std::move(*file)), options);
  Result<std::unique_ptr<ByteSource>> source = make_source(*reader.file_);
  if (!source) return tl::unexpected(std::move(source.error()));
  reader.source_ = std::move(*source);
  return reader;
}

Result<LogReader> LogReader::open(const std::string& path, const ReadOptions& options) {
  return start(InputFile::open(path), options);
}

Result<LogReader> LogReader::adopt(int descriptor, std::string name, const ReadOptions& options) {
  return start(InputFile::adopt(descriptor, std::move(name)), options);
}

Result<bool> LogReader::next(Block& block) {
  block.lines_.clear();
  block.input_ = options_.input;
  block.reserve(std::max(options_.block_bytes, carry_.size() + 1), 0);
  if (!carry_.empty()) std::memcpy(block.bytes_.get(), carry_.data(), carry_.size());
  size_t used = carry_.size();
  carry_.clear();
  while (!ended_ && block.empty()) {
    used = fill(block, used);
    const std::string_view bytes(block.bytes_.get(), used);
    const size_t done = cutter_.cut(bytes, ended_ ? MoreToCome::No : MoreToCome::Yes, block.lines_);
    const std::string_view rest = bytes.substr(done);
    if (!block.empty()) {
      carry_ = rest;
    } else if (done > 0) {
      std::memmove(block.bytes_.get(), rest.data(), rest.size());
    }
    used = rest.size();
  }
  const uint64_t bytes = counters_.bytes;
  counters_ = cutter_.counters();
  counters_.bytes = bytes;
  if (!block.empty()) return true;
  if (fault_) return tl::unexpected(*std::exchange(fault_, std::nullopt));
  return false;
}

// Reads behind the `used` bytes of the block until it is full, the input ends, or what was there at once is read.
size_t LogReader::fill(Block& block, size_t used) {
  if (used == block.capacity_) block.reserve(block.capacity_ * 2, used);
  const size_t goal = std::max(std::min(block.capacity_, options_.block_bytes), used + 1);
  while (used < goal) {
    const Result<size_t> got = source_->read({block.bytes_.get() + used, most_of(block.capacity_ - used)});
    if (!got) fault_ = got.error();
    if (!got || *got == 0) {
      ended_ = true;
      break;
    }
    used += *got;
    counters_.bytes += *got;
    if (!file_->is_regular() || options_.read_seed != 0) break;
  }
  return used;
}

size_t LogReader::most_of(size_t room) {
  if (options_.read_seed == 0) return room;
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  return std::min<size_t>(room, (random_ >> 33) % 97 + 1);
}

}  // namespace gander::collect
