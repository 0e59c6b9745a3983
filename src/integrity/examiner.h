// Examiner: looks at one directory entry: its metadata, and its content when that may have changed.
//
// Owns:    a Hasher and buffers. One for each worker.
// Threads: one thread at a time.
// Cost:    one statx when the metadata are those of the last look; else one open and one read of the file.
// Fails:   never; the outcome says what could not be done.
// Safe:    names are looked up below an open directory, links are followed only for the content of a link, and only to
//          regular files; devices and pipes are never opened.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "integrity/digest_cache.h"
#include "integrity/file_state.h"
#include "integrity/two_files.h"

namespace gander::integrity {

enum class Outcome {
  Other,       // a directory, pipe, socket, device: nothing to report
  Unchanged,   // metadata as before, content not read
  Read,        // `state` is new
  Vanished,    // not there
  Unreadable,  // there, but metadata or content cannot be read; `error` says why
  Stopped,
};

enum class Content { WhenMetadataDiffer, Always };

struct Request {
  int directory = -1;          // open descriptor
  const char* name = nullptr;  // in it
  unsigned checks = 0;
  const FileState* before = nullptr;  // last look; null = none
  Content content = Content::WhenMetadataDiffer;
  int64_t now_ns = 0;
  std::string_view path = {};         // for a ContentSource
  bool attributes = true;             // look at extended attributes and flags
  bool skip_directory_links = false;  // no_recurse: a link to a directory is nothing
};

struct Examined {
  Outcome outcome = Outcome::Other;
  int error = 0;
  FileState state;
  uint64_t read_bytes = 0;
};

// Content given by a program in place of the file's own (prefilter_cmd); see prefilter.h.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  // MD5 and SHA-1 of what stands for the file; false: the file itself counts.
  virtual bool digests(std::string_view path, Hasher& hasher, unsigned checks, Digests& out) = 0;
};

class Examiner {
 public:
  explicit Examiner(const std::atomic<bool>* stop = nullptr, ContentSource* source = nullptr,
                    DigestCache* cache = nullptr)
      : stop_(stop), source_(source), cache_(cache) {}

  Examined examine(const Request& request);
  // Many entries, two of which are read at any time; the same results.
  void examine(std::span<const Request> requests, std::span<Examined* const> out);

 private:
  // One entry under way.
  struct Look {
    const Request* request = nullptr;
    Examined* out = nullptr;
    bool is_link = false;
    bool sparse = false;
    uint64_t flags = 0;      // stx_attributes
    uint64_t allocated = 0;  // bytes on disk of what is read
    int tries = 0;
    base::Descriptor fd = {};
    Reading reading = {};
  };
  class Looks;

  bool begin(Look& look);
  bool open_content(Look& look);
  void read_one(Look& look);
  bool after_reading(Look& look);
  static void take_attributes(const Look& look, int fd);

  Hasher hasher_;
  std::unique_ptr<TwoFiles> two_;  // made by the first many
  const std::atomic<bool>* stop_;
  ContentSource* source_;
  DigestCache* cache_;
};

}  // namespace gander::integrity
