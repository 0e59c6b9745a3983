#include "store/stable_id_maker.h"

#include <gtest/gtest.h>

#include <set>

namespace gander::store {
namespace {

TEST(StableId, IsAFunctionOfItsParts) {
  StableIdMaker maker("digest");
  const model::StableId id = maker.of("/var/log/auth.log", "1234", 5710);
  EXPECT_EQ(id, maker.of("/var/log/auth.log", "1234", 5710));
  EXPECT_EQ(id, StableIdMaker("digest").of("/var/log/auth.log", "1234", 5710));
  // Kept for good: alerts that were stored must be recognised by later versions.
  EXPECT_EQ(id.hex(), "96395f0258df3fb947b8c3b6245f0f3d");
}

TEST(StableId, EveryPartCountsAndTheirBordersToo) {
  std::set<std::string> ids;
  ids.insert(StableIdMaker("d").of("s", "p", 1).hex());
  ids.insert(StableIdMaker("e").of("s", "p", 1).hex());
  ids.insert(StableIdMaker("d").of("t", "p", 1).hex());
  ids.insert(StableIdMaker("d").of("s", "q", 1).hex());
  ids.insert(StableIdMaker("d").of("s", "p", 2).hex());
  ids.insert(StableIdMaker("d").of("sp", "", 1).hex());
  ids.insert(StableIdMaker("ds").of("", "p", 1).hex());
  EXPECT_EQ(ids.size(), 7u);
}

}  // namespace
}  // namespace gander::store
