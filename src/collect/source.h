// Source: what Sources drives: something that is looked at when it may have changed and read a turn at a time.
//
// Threads: one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collect/file_registry.h"
#include "collect/file_tail.h"
#include "collect/outlet.h"
#include "collect/record.h"
#include "collect/sources.h"
#include "config/sections.h"

namespace gander::collect {

// What the sources of one object share. `now` is set before each call.
struct Shared {
  SourceOptions options;
  Scratch scratch;
  FileRegistry registry;
  Moment now;
  std::string mysql_time;  // Ossec43
  std::string short_host;
  size_t fingerprints = 0;  // taken at first sights
};

// Where reading begins in a file that has no place.
enum class Begin { AtEnd, AtStart };

class Source {
 public:
  virtual ~Source() = default;

  virtual const std::string& id() const = 0;
  // Something may have changed: names, sizes.
  virtual void look(Outlet& out) = 0;
  // Reads a piece and sends it; true when there may be more at once.
  virtual bool turn(Outlet& out) = 0;
  // When it wants look() and turn() although nothing woke it.
  virtual std::optional<Steady> deadline() const = 0;
  virtual SourceStatus status() const = 0;
  // As it would be sent now.
  virtual std::string place_now() = 0;

  // Files whose folders are to be watched; a source that wakes by a descriptor of its own gives that instead.
  virtual std::vector<std::string> watched() const { return {}; }
  virtual int descriptor() const { return -1; }
  // Descriptors that can be closed and opened again.
  virtual size_t open_files() const { return 0; }
  virtual void give_back_files() {}
  // The reader waited so long (a full disk) that what is there now is old.
  virtual void mark_backlog() {}
  // Says what keeps it from being watched by the kernel.
  virtual void polled(std::string /*why*/) {}
};

}  // namespace gander::collect
