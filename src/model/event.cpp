#include "model/event.h"

namespace gander::model {

void Event::reset() {
  arena.reset();
  time = {};
  location = full_log = log = lines = hostname = program_name = {};
  encoding = log_encoding = text::Encoding::Ascii;
  decoder = nullptr;
  category = Category::Syslog;
  fields.fill({});
  named.clear();
  file = nullptr;
  actor = nullptr;
  sight = Sight::ByKey;
  plain_url = {};
  decided_elsewhere = false;
  decided_rule = 0;
  sensitive = Sensitive::NotAsked;
  notes.clear();
  source = 0;
  line = 0;
}

}  // namespace gander::model
