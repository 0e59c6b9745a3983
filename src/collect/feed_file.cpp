#include "collect/feed_file.h"

#include <vector>

#include "collect/byte_source.h"

namespace gander::collect {

Result<void> feed_file(const std::string& path, const std::function<void(std::string_view)>& take) {
  Result<InputFile> file = InputFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const Result<std::unique_ptr<ByteSource>> source = make_source(*file);
  if (!source) return tl::unexpected(source.error());
  std::vector<char> room(size_t{256} * 1024);
  for (;;) {
    const Result<size_t> n = (*source)->read(room);
    if (!n) return tl::unexpected(n.error());
    if (*n == 0) return {};
    take({room.data(), *n});
  }
}

}  // namespace gander::collect
