// Headers of today: read by default, left alone under --compat ossec-4.3.
#include "decode/more_headers.h"

#include <gtest/gtest.h>

#include <string>

#include "decode/header.h"

namespace gander::decode {
namespace {

std::string shown(std::string_view v) {
  return v.data() ? std::string(v) : "(null)";
}

struct Row {
  const char* line;
  const char* hostname;
  const char* program;
  const char* log;
};

class MoreHeaders : public ::testing::TestWithParam<Row> {};

TEST_P(MoreHeaders, AreReadByDefault) {
  const Row& row = GetParam();
  model::Event event;
  read_header(row.line, "stdin", "own", event, model::Compat::Mended);
  EXPECT_EQ(shown(event.hostname), row.hostname) << row.line;
  EXPECT_EQ(shown(event.program_name), row.program) << row.line;
  EXPECT_EQ(shown(event.log), row.log) << row.line;
}

INSTANTIATE_TEST_SUITE_P(
    Read, MoreHeaders,
    ::testing::Values(Row{"<38>1 2026-01-15T10:00:00.5Z web1 sshd 811 - - msg", "web1", "sshd", "msg"},
                      Row{"<38>1 2026-01-15T10:00:00+01:00 web1 sshd - ID1 [a b=\"c \\\"]\\\\\"][d] \xEF\xBB\xBFmsg",
                          "web1", "sshd", "msg"},
                      Row{"<38>1 - - sshd - - -", "own", "sshd", ""},
                      Row{"<38>Jan 15 10:00:00 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"<38>sshd[811]: msg", "own", "sshd", "msg"},
                      Row{"2026-01-15T10:00:00Z web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"2026-01-15T10:00:00.123456Z web1 sudo: msg", "web1", "sudo", "msg"},
                      Row{"2026-01-15T10:00:00+0000 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"2026-01-15T10:00:00.123+01:00 sshd[811]: msg", "own", "sshd", "msg"},
                      Row{"2026-01-15 10:00:00 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"2026-01-15 10:00:00.1 +0100 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Jan 15 2026 10:00:00 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Jan 15 10:00:00.123456 web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Jan 15 10:00:00 sshd[811]: msg", "own", "sshd", "msg"},
                      Row{"Jan 15 10:00:00 web1 auth.info sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Jan 15 10:00:00 <auth.info> web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Jan 15 10:00:00 <4.6> web1 sshd[811]: msg", "web1", "sshd", "msg"},
                      Row{"Thu Jan 15 10:00:00 2026 authpriv.warn dropbear[811]: msg", "own", "dropbear", "msg"},
                      Row{"web1 sshd[811]: msg", "web1", "sshd", "msg"}, Row{"sshd[811]: msg", "own", "sshd", "msg"}));

INSTANTIATE_TEST_SUITE_P(
    LeftAlone, MoreHeaders,
    ::testing::Values(Row{"web1 sshd: msg", "own", "(null)", "web1 sshd: msg"},
                      Row{"sshd[811] msg", "own", "(null)", "sshd[811] msg"},
                      Row{"2026-01-15T10:00:00Z ERROR db: msg", "own", "(null)", "2026-01-15T10:00:00Z ERROR db: msg"},
                      Row{"2026-01-15 10:00:00 install a:amd64 1", "own", "(null)",
                          "2026-01-15 10:00:00 install a:amd64 1"},
                      Row{"2026-01-15 10:00:00 web1 app: msg", "own", "(null)", "2026-01-15 10:00:00 web1 app: msg"},
                      Row{"Jan 15 10:00:00 web1 system,error msg", "web1", "(null)", "system,error msg"},
                      Row{"<W>sshd[811]: msg", "own", "(null)", "<W>sshd[811]: msg"},
                      Row{"<38>1 2026-01-15T10:00:00Z web1 sshd 811 - [a msg", "own", "(null)",
                          "<38>1 2026-01-15T10:00:00Z web1 sshd 811 - [a msg"},
                      Row{"<38>1 2026-01-15T10:00:00Z web1", "own", "(null)", "<38>1 2026-01-15T10:00:00Z web1"},
                      Row{"<", "own", "(null)", "<"}, Row{"", "own", "(null)", ""}));

TEST(MoreHeadersOssec, AreNotReadUnderOssec43) {
  model::Event event;
  read_header("2026-01-15T10:00:00Z web1 sshd[811]: msg", "stdin", "own", event, model::Compat::Ossec43);
  EXPECT_EQ(event.program_name.data(), nullptr);
  EXPECT_EQ(event.log, "2026-01-15T10:00:00Z web1 sshd[811]: msg");
}

}  // namespace
}  // namespace gander::decode
