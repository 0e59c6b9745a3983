#include "output/line_writer.h"

#include <gtest/gtest.h>

#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using model::Field;
using testing::SampleAlert;

std::string line_of(SampleAlert& sample, Colour colour = Colour::Off, size_t width = 0) {
  LineWriter writer(base::TimeZone::utc(), colour, width);
  std::string out;
  writer.alert(out, sample.alert());
  return out;
}

TEST(LineWriter, Parts) {
  SampleAlert s;
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob").log("a log line");
  EXPECT_EQ(line_of(s), "2024-03-05 10:00:00  5    100 login seen  from 10.0.0.1  user bob  on h1  a log line\n");
}

TEST(LineWriter, ColourOfTheLevel) {
  SampleAlert s;
  s.rule.level = 12;
  EXPECT_NE(line_of(s, Colour::On).find("\x1b[1;37;41m12\x1b[0m"), std::string::npos);
  EXPECT_EQ(line_of(s, Colour::Off).find('\x1b'), std::string::npos);
}

TEST(LineWriter, AHostileLineCannotMoveTheCursor) {
  SampleAlert s;
  s.log("\x1b]0;title\x07 \x1b[2J \r\n \u009b31m \u202eevil\u2066 \xff");
  const std::string line = line_of(s);
  EXPECT_NE(line.find("?]0;title? ?[2J ?? ?31m ?evil? \uFFFD\n"), std::string::npos) << line;
}

TEST(LineWriter, FitsTheTerminal) {
  SampleAlert s;
  s.log(std::string(500, 'x'));
  const std::string line = line_of(s, Colour::Off, 60);
  EXPECT_EQ(line.size(), 59 + std::string("…\n").size());
  EXPECT_TRUE(line.ends_with("x…\n"));
}

TEST(LineWriter, WideCharactersTakeTwoColumns) {
  SampleAlert s;
  s.rule.description = "漢漢漢漢漢";
  // 30 columns stand before the description.
  EXPECT_TRUE(line_of(s, Colour::Off, 30 + 6).ends_with(" 漢漢…\n"));
}

TEST(LineWriter, WidthOfOne) {
  SampleAlert s;
  EXPECT_EQ(line_of(s, Colour::On, 1), "…\n");
}

TEST(LineWriter, HugeLineIsNotLookedAtBeyondTheWidth) {
  SampleAlert s;
  s.log(std::string(1'000'000, '\xcc'));
  EXPECT_LT(line_of(s, Colour::Off, 80).size(), 400U);
}

}  // namespace
}  // namespace gander::output
