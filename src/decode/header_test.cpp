// Header recognition beyond the table: control characters, encodings, host names, hostile lines.
#include "decode/header.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::decode {
namespace {

model::Event read(std::string_view line, std::string_view location = "stdin") {
  model::Event event;
  read_header(line, location, "own", event);
  return event;
}

std::string shown(std::string_view v) {
  return v.data() ? std::string(v) : "(null)";
}

struct Row {
  const char* line;
  const char* hostname;
  const char* program;
  const char* log;
};

class HostAndProgram : public ::testing::TestWithParam<Row> {};

TEST_P(HostAndProgram, IsRead) {
  const Row& row = GetParam();
  const model::Event event = read(row.line);
  EXPECT_EQ(shown(event.hostname), row.hostname) << row.line;
  EXPECT_EQ(shown(event.program_name), row.program) << row.line;
  EXPECT_EQ(shown(event.log), row.log) << row.line;
}

INSTANTIATE_TEST_SUITE_P(
    Spec, HostAndProgram,
    ::testing::Values(
        Row{"Dec 29 10:00:01 host prog[12]: msg", "host", "prog", "msg"},
        Row{"Dec 29 10:00:01 host prog[12] msg", "host", "prog", "msg"},
        Row{"Dec 29 10:00:01 host prog[12]msg", "host", "(null)", "prog[12]msg"},
        Row{"Dec 29 10:00:01 host prog[ab]: msg", "host", "(null)", "prog[ab]: msg"},
        Row{"Dec 29 10:00:01 host prog:msg", "host", "(null)", "prog:msg"},
        Row{"Dec 29 10:00:01 host prog:", "host", "(null)", "prog:"},
        Row{"Dec 29 10:00:01 host prog: ", "host", "prog", ""}, Row{"Dec 29 10:00:01 prog: msg", "own", "prog", "msg"},
        Row{"Dec 29 10:00:01 prog[12]: msg", "own", "(null)", "prog[12]: msg"},
        Row{"Dec 29 10:00:01 ho!st prog: msg", "own", "(null)", "ho!st prog: msg"},
        Row{"Dec 29 10:00:01 a : b: c", "a", "", "b: c"},
        Row{"Dec 29 10:00:01   host prog: msg", "", "(null)", "host prog: msg"},
        Row{"Dec 29 10:00:01 10.1.1.1 %ASA-6-1: x", "10.1.1.1", "(null)", "%ASA-6-1: x"},
        Row{"Dec 29 10:00:01 host prog: [ID 1 a.b] msg", "host", "prog", "msg"},
        Row{"Dec 29 10:00:01 host auth|security:info su: m", "host", "su", "m"},
        Row{"Dec 29 10:00:01 host auth|security:info su[1] m", "host", "su", "auth|security:info su"},
        Row{"Dec 29 10:00:01 host auth|security:info su m", "host", "su m", " m"},
        Row{"2015-04-16 21:51:02,805678 host p: m", "678", "(null)", "host p: m"},
        Row{"2009-05-22T09:36:46.214Z a:b: cc dd ee", "cc", "(null)", "dd ee"},
        Row{"Dec 29 10:00:01\thost prog: m", "own", "(null)", "Dec 29 10:00:01host prog: m"},
        Row{"Xxx xx xx:xx:xx host p: m", "host", "p", "m"}, Row{"M\xC3\xA4r 29 10:00:01 host p: m", "host", "p", "m"},
        Row{"[Time 2006.12.28 15:53:55 UTC] [Facility auth] [Sender sshd] [PID 1] [Message bad [x] [Host box] end",
            "box", "sshd", "bad [x"},
        Row{"[Time 2006.12.28 15:53:55 UTC] [Host a] [x]", "a", "(null)", " UTC] [Host a"}));

TEST(Header, ControlCharactersAreDeleted) {
  std::string line = "a";
  for (int c = 0; c < 256; ++c) line += static_cast<char>(c);
  const model::Event event = read(line);
  EXPECT_EQ(event.full_log.size(), 1u + 256 - 32 - 1);
  for (const char c : event.full_log) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    EXPECT_NE(c, 0x7f);
  }
}

// Every length, and every place in it: the quick copy looks at several bytes at once.
TEST(Header, ControlCharactersAreDeletedAtEveryPlace) {
  for (size_t n = 1; n < 40; ++n) {
    for (size_t at = 0; at < n; ++at) {
      for (const char c : {'\0', '\x01', '\t', '\x1f', ' ', '~', '\x7f', '\x80', '\xff'}) {
        std::string line(n, 'x');
        line[at] = c;
        std::string expected;
        for (const char k : line) {
          const auto byte = static_cast<unsigned char>(k);
          if (byte >= 0x20 && byte != 0x7f) expected += k;
        }
        const model::Event event = read(line);
        EXPECT_EQ(event.full_log, expected);
        EXPECT_EQ(event.encoding, text::encoding_of(expected));
      }
    }
  }
}

TEST(Header, TheOutputOfAFullCommandKeepsItsLinesUnlessAsOssec) {
  const std::string_view text = "ossec: output: 'ports':\ntcp\t0 *:22\n\ntcp \x1b[1m *:80\r\n\n";
  const auto read_as = [&](model::Compat compat) {
    model::Event event;
    read_header(text, "ports", "own", event, compat);
    return event;
  };
  const model::Event mended = read_as(model::Compat::Mended);
  EXPECT_EQ(mended.full_log, "ossec: output: 'ports':\ntcp\t0 *:22\n\ntcp [1m *:80");
  EXPECT_EQ(shown(mended.lines), mended.full_log);
  EXPECT_EQ(mended.log, "ossec: output: 'ports':tcp0 *:22tcp [1m *:80") << "what rules see";
  const model::Event ossec = read_as(model::Compat::Ossec43);
  EXPECT_EQ(ossec.full_log, mended.log);
  EXPECT_EQ(shown(ossec.lines), "(null)");
}

TEST(Header, OnlyTheOutputOfAFullCommandKeepsLines) {
  for (const std::string_view text : {"ossec: output: 'df': 10\t11\r\n", "app: one\ntwo", "x ossec: output: 'a':\nb"}) {
    model::Event event;
    read_header(text, "x", "own", event, model::Compat::Mended);
    EXPECT_EQ(shown(event.lines), "(null)") << text;
    EXPECT_EQ(event.full_log.find('\n'), std::string_view::npos) << text;
  }
}

TEST(Header, LinesThatHoldNothing) {
  for (const std::string_view line : {std::string_view(""), std::string_view("\t\t"), std::string_view("\0\0", 2)}) {
    const model::Event event = read(line);
    EXPECT_NE(event.full_log.data(), nullptr);
    EXPECT_TRUE(event.full_log.empty());
    EXPECT_TRUE(event.log.empty());
    EXPECT_EQ(event.hostname, "own");
  }
}

TEST(Header, AgentLocationIsTheHostName) {
  const model::Event event = read("Dec 29 10:00:01 host prog: msg", "(ag) 192.0.2.1->/var/log/x");
  EXPECT_EQ(event.hostname, "(ag) 192.0.2.1->/var/log/x");
  EXPECT_EQ(event.program_name, "prog");
}

TEST(Header, EncodingsOfTheWholeAndOfTheLog) {
  const model::Event invalid = read("Dec 29 10:00:01 host prog: caf\xE9");
  EXPECT_EQ(invalid.encoding, text::Encoding::Invalid);
  EXPECT_EQ(invalid.log_encoding, text::Encoding::Invalid);
  const model::Event head = read(
      "D\xE9"
      "c 29 10:00:01 host prog: cafe");
  EXPECT_EQ(head.encoding, text::Encoding::Invalid);
  EXPECT_EQ(head.log, "cafe");
  EXPECT_EQ(head.log_encoding, text::Encoding::Ascii);
  const model::Event good = read("Dec 29 10:00:01 host prog: caf\xC3\xA9");
  EXPECT_EQ(good.log_encoding, text::Encoding::Utf8);
}

// An ASCII message says that all its parts are ASCII; a file name need not be.
TEST(Header, LocationOutsideAscii) {
  const model::Event event = read("plain", "/var/log/caf\xE9");
  EXPECT_NE(event.encoding, text::Encoding::Ascii);
  EXPECT_EQ(event.log_encoding, text::Encoding::Ascii);
}

}  // namespace
}  // namespace gander::decode
