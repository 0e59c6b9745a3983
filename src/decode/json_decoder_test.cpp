// JSON objects as log text.
#include "decode/json_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

using model::Compat;
using model::Field;
using testing::Decoders;

constexpr const char* kOther = R"(<decoder name="foo"><prematch>^foo</prematch></decoder>
  <decoder name="claims"><prematch>^{"claimed"</prematch></decoder>)";

std::string named_of(const Decoders& d) {
  std::string out;
  for (const auto& n : d.event.named) out += std::string(n.name) + "=" + std::string(n.value) + ";";
  return out;
}

struct Row {
  const char* line;
  const char* named;  // null: no JSON
};

class Json : public ::testing::TestWithParam<Row> {};

TEST_P(Json, GivesNamedFields) {
  Decoders d(kOther);
  d.decode(GetParam().line);
  if (!GetParam().named) {
    EXPECT_EQ(d.name(), "-") << GetParam().line;
    EXPECT_TRUE(d.event.named.empty());
    return;
  }
  EXPECT_EQ(d.name(), "json") << GetParam().line;
  EXPECT_EQ(named_of(d), GetParam().named) << GetParam().line;
  d.expect_slow_agrees();
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Json,
    ::testing::Values(Row{R"({"a":{"b":1},"c":["x","y"],"d":[{"e":2},3,[4,5]]})", "a.b=1;c=x,y;d.0.e=2;d.2=4,5;d=3;"},
                      Row{R"( { "a" : true , "b" : false , "c" : null , "d" : "" } )", "a=true;b=false;d=;"},
                      Row{R"({"n":1.50,"e":1E+9,"big":123456789012345678901234567890,"z":-0})",
                          "n=1.50;e=1E+9;big=123456789012345678901234567890;z=-0;"},
                      Row{R"({"a":1,"a":2})", "a=2;"}, Row{R"({"a.b":1,"a":{"b":2}})", "a.b=2;"}, Row{R"({})", ""},
                      Row{R"({"":1,"a":{},"b":[]})", ""}, Row{R"({"a":[null,1]})", "a=,1;"},
                      Row{R"({"a":"x\n\u000a\u0000\t\r\u007fy","k\ney":1})", "a=xy;key=1;"},
                      Row{R"({"a":"\"\\\/\u0041\u00e9\ud83d\ude00"})", "a=\"\\/A\xC3\xA9\xF0\x9F\x98\x80;"},
                      Row{R"({"a":"\ud83d x \ude00","b":"\x22\u12"})", "a=\xEF\xBF\xBD x \xEF\xBF\xBD;b=\\x22\\u12;"},
                      Row{R"(Dec 29 10:00:01 host prog: {"a":"b"})", "a=b;"},
                      Row{R"(Dec 29 10:00:01 host prog[1]: {"a":"b"} )", "a=b;"}, Row{"{\"a\":\"caf\xE9\"}", "a=caf?;"},
                      Row{"{\"a\":\"caf\xC3\xA9\"}", "a=caf\xC3\xA9;"}));

INSTANTIATE_TEST_SUITE_P(
    NoJson, Json,
    ::testing::Values(Row{"{", nullptr}, Row{"{}x", nullptr}, Row{"x{}", nullptr}, Row{R"({"a":1)", nullptr},
                      Row{R"({"a":1} {"b":2})", nullptr}, Row{R"({"a":1,})", nullptr}, Row{R"({"a" 1})", nullptr},
                      Row{R"({a:1})", nullptr}, Row{R"({"a":01})", nullptr}, Row{R"({"a":1.})", nullptr},
                      Row{R"({"a":tru})", nullptr}, Row{R"({"a":[1,2})", nullptr}, Row{R"({"a":{"b":1]})", nullptr},
                      Row{R"(["a"])", nullptr}, Row{R"("a")", nullptr}, Row{R"({"a":"b})", nullptr},
                      Row{R"({"a":-})", nullptr}, Row{R"({"a":+1})", nullptr}, Row{R"({"a":nul})", nullptr},
                      Row{"}", nullptr}, Row{"{}}", nullptr}, Row{"{\"a\":\"b\" \"c\"}", nullptr}));

TEST(JsonDecoder, KnownNamesFillFields) {
  Decoders d(kOther);
  d.decode(R"({"src_ip":"192.0.2.1","dest_ip":"192.0.2.2","src_port":1025,"dst_port":80,"user":"bob","srcuser":"al",
    "proto":"tcp","action":"drop","id":7,"url":"/x","status":404,"source":{"ip":"192.0.2.9"}})");
  EXPECT_EQ(d.field(Field::SrcIp), "192.0.2.1");
  EXPECT_EQ(d.field(Field::DstIp), "192.0.2.2");
  EXPECT_EQ(d.field(Field::SrcPort), "1025");
  EXPECT_EQ(d.field(Field::DstPort), "80");
  EXPECT_EQ(d.field(Field::DstUser), "bob");
  EXPECT_EQ(d.field(Field::SrcUser), "al");
  EXPECT_EQ(d.field(Field::Protocol), "tcp");
  EXPECT_EQ(d.field(Field::Action), "drop");
  EXPECT_EQ(d.field(Field::Id), "7");
  EXPECT_EQ(d.field(Field::Url), "/x");
  EXPECT_EQ(d.field(Field::Status), "404");
  EXPECT_EQ(d.field(Field::Filename), "-");
  EXPECT_EQ(d.named("source.ip"), "192.0.2.9");
  EXPECT_TRUE(d.set.has_list_for(d.event));
}

TEST(JsonDecoder, EscapedTextOutsideAsciiIsKnownAsSuch) {
  Decoders d(kOther);
  d.decode(R"({"user":"caf\u00e9"})");
  EXPECT_EQ(d.field(Field::DstUser), "caf\xC3\xA9");
  EXPECT_EQ(d.event.subject(d.event.field(Field::DstUser)).encoding, text::Encoding::Utf8);
}

TEST(JsonDecoder, OtherDecodersComeFirst) {
  Decoders d(kOther);
  d.decode(R"({"claimed":1})");
  EXPECT_EQ(d.name(), "claims");
}

TEST(JsonDecoder, NotInOssec) {
  Decoders d(kOther, Compat::Ossec43);
  d.decode(R"({"a":1})");
  EXPECT_EQ(d.name(), "-");
}

TEST(JsonDecoder, NestingIsBounded) {
  Decoders d(kOther);
  std::string deep = "1";
  for (int i = 0; i < JsonLimits::kDepth + 3; ++i) deep = R"({"a":)" + deep + "}";
  d.decode(deep);
  EXPECT_EQ(d.name(), "json");
  ASSERT_EQ(d.event.named.size(), 1u);
  EXPECT_EQ(d.event.named[0].value, R"({"a":{"a":{"a":1}}})");
  for (const size_t depth : {500, 5000, 200000}) {
    d.decode("{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}");
    d.decode("{\"a\":" + std::string(depth, '[') + "}");
    std::string objects;
    for (size_t i = 0; i < depth; ++i) objects += "{\"a\":";
    d.decode(objects + std::string(depth, '}'));
  }
}

TEST(JsonDecoder, FieldsAndNamesAreBounded) {
  Decoders d(kOther);
  std::string line = "{";
  for (int i = 0; i < 1000; ++i) line += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  d.decode(line + "\"" + std::string(300, 'n') + "\":1}");
  EXPECT_EQ(d.name(), "json");
  EXPECT_EQ(d.event.named.size(), JsonLimits::kFields);
  d.decode("{\"" + std::string(JsonLimits::kName, 'n') + "\":1,\"" + std::string(JsonLimits::kName + 1, 'm') + "\":2}");
  EXPECT_EQ(d.event.named.size(), 1u);
}

TEST(JsonDecoder, LargeDocuments) {
  Decoders d(kOther);
  const std::string value(3'000'000, 'v');
  d.decode("{\"a\":\"" + value + "\"}");
  EXPECT_EQ(d.name(), "json");
  EXPECT_EQ(d.event.named[0].value.size(), value.size());
  d.decode(R"({"b":1})");
  EXPECT_EQ(named_of(d), "b=1;");
  d.decode("{\"a\":\"" + std::string(JsonLimits::kDocument, 'v') + "\"}");
  EXPECT_EQ(d.name(), "-");
}

}  // namespace
}  // namespace gander::decode
