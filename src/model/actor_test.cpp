#include "model/actor.h"

#include <gtest/gtest.h>

namespace gander::model {
namespace {

TEST(Actor, JsonAndBack) {
  Actor a;
  a.pid = 17;
  a.parent = 1;
  a.uid = 0;
  a.login_uid = 1000;
  a.user = "root";
  a.executable = "/usr/bin/a \"b\"";
  a.command_line = "a\nb\x1b[2J";
  EXPECT_EQ(a.json(), R"({"pid":17,"ppid":1,"uid":0,"login_uid":1000,"user":"root","process":"/usr/bin/a \"b\"",)"
                      R"("command":"a\nb\u001b[2J"})");
  EXPECT_EQ(actor_from(a.json()), a);
  EXPECT_EQ(a.shown().find('\n'), std::string::npos);
  EXPECT_EQ(a.shown().find('\x1b'), std::string::npos);
}

TEST(Actor, WhatIsNotKnownIsLeftOut) {
  Actor a;
  a.pid = 17;
  EXPECT_EQ(a.json(), R"({"pid":17})");
  EXPECT_EQ(actor_from(a.json()), a);
  EXPECT_EQ(a.shown(), "an unknown user: process 17");
  a.command_line = "\xff";
  EXPECT_EQ(a.json(), "{\"pid\":17,\"command\":\"\xEF\xBF\xBD\"}");
}

TEST(Actor, OtherTextsAreNone) {
  for (const char* text : {"", "[]", "{}", "{\"pid\":\"17\"}", "{\"pid\":17", "{\"ppid\":17}"}) {
    EXPECT_FALSE(actor_from(text)) << text;
  }
}

}  // namespace
}  // namespace gander::model
