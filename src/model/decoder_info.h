// DecoderInfo: what rules and outputs know of the decoder that claimed an event.
//
// Owns:    its texts; lives as long as the decoder set that made it. Immutable after loading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/category.h"

namespace gander::model {

// Items of a first-time-seen key; the numbers are those of the JSON alert's decoder_desc.fts.
enum FtsItem : uint32_t {
  kFtsId = 8,
  kFtsData = 16,
  kFtsSystemName = 32,
  kFtsSrcIp = 64,
  kFtsDstIp = 128,
  kFtsLocation = 256,
  kFtsName = 512,
  kFtsDstUser = 2048,
};

struct DecoderInfo {
  std::string name;    // as shown: the parent's for a child without use_own_name
  std::string parent;  // text of <parent>; empty = none
  int identity = 0;    // compared by decoded_as; 0 never matches
  Category category = Category::Syslog;
  uint32_t fts = 0;  // sum of FtsItem; 0 = none
  std::string fts_comment;
  bool accumulate = false;
  std::vector<std::string> field_names;  // names in <order>, one a slot; dynamic ones are those not fixed
  bool has_order = false;
};

}  // namespace gander::model
