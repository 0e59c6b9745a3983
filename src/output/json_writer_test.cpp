#include "output/json_writer.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using model::Compat;
using model::Field;
using testing::golden_record;
using testing::SampleAlert;

constexpr const char* kOutputs = "daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.json";
constexpr const char* kSources = "daemon-sources/expected/logs/alerts/2024/Mar/ossec-alerts-05.json";

std::string json_of(SampleAlert& sample, Compat compat) {
  JsonWriter writer(compat, base::TimeZone::utc());
  std::string out;
  writer.alert(out, sample.alert());
  return out;
}

// The golden line with this alert id.
std::string golden(const char* file, const std::string& id) {
  std::string all = golden_record(file, "{", "no such end");
  const std::string whole = golden_record(file, "{\"rule\"", "\"id\":\"" + id + "\"");
  const size_t start = whole.rfind("{\"rule\"");
  return golden_record(file, whole.substr(start), "\n");
}

void expect_valid(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  EXPECT_EQ(parser.parse(json).get(element), simdjson::SUCCESS) << json;
}

TEST(JsonWriter, LocalEvent) {
  SampleAlert s;
  s.rule.cve_text = "CVE-1";
  s.rule.info_text = "http://x/";
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.1"));
  EXPECT_EQ(json_of(s, Compat::Mended), golden(kOutputs, "1709632800.1"));
}

TEST(JsonWriter, SecondRememberedLine) {
  SampleAlert s;
  s.number = 3;
  s.rule.id = 101;
  s.rule.level = 10;
  s.rule.description = "many \"q\"";
  s.rule.group = "t,";
  s.rule.frequency = 1;
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob");
  s.log("Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=2");
  s.previous = {"not this", "Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=0"};
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.3"));
}

TEST(JsonWriter, AllConnectionFields) {
  SampleAlert s;
  s.number = 4;
  s.rule.id = 102;
  s.rule.level = 3;
  s.rule.description = "conn";
  s.rule.group = "t,";
  s.set(Field::SrcIp, "1.1.1.1").set(Field::SrcPort, "10").set(Field::DstIp, "2.2.2.2").set(Field::DstPort, "20");
  s.set(Field::Protocol, "tcp").set(Field::Action, "allow").set(Field::Id, "never shown");
  s.log("Mar  5 10:00:00 h1 app: conn src=1.1.1.1 sport=10 dst=2.2.2.2 dport=20 proto=tcp act=allow");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.4"));
}

TEST(JsonWriter, AgentEventWithDynamicFields) {
  SampleAlert s;
  s.number = 5;
  s.rule.id = 103;
  s.rule.level = 3;
  s.rule.description = "dyn";
  s.rule.group = "t,";
  s.agent("(agent1) 10.9.9.9->/var/log/x").log("Mar  5 10:00:00 h1 app: dyn color=red shape=sq");
  s.named("color", "red").named("shape", "sq");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.5"));
}

TEST(JsonWriter, StatusUrlDataSystemName) {
  SampleAlert s;
  s.number = 6;
  s.rule.id = 104;
  s.rule.level = 3;
  s.rule.description = "ev";
  s.rule.group = "t,";
  s.at("h1", "/l").log("Mar  5 10:00:00 h1 app: ev id=7 data=dd sys=s");
  s.set(Field::Data, "dd").set(Field::SystemName, "s").set(Field::Id, "7");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.6"));
  SampleAlert web;
  web.number = 7;
  web.rule.id = 105;
  web.rule.level = 3;
  web.rule.description = "web";
  web.rule.group = "t,";
  web.at("h1", "/l").log("Mar  5 10:00:00 h1 app: web src=1.1.1.1 url=/u status=200 id=1");
  web.set(Field::SrcIp, "1.1.1.1").set(Field::Url, "/u").set(Field::Status, "200");
  EXPECT_EQ(json_of(web, Compat::Ossec43), golden(kOutputs, "1709632800.7"));
}

TEST(JsonWriter, NonAsciiAndEscapes) {
  SampleAlert s;
  s.number = 13;
  s.fired_times = 3;
  s.rule.cve_text = "CVE-1";
  s.rule.info_text = "http://x/";
  s.at("h1", "/l").log("Mar  5 10:00:00 h1 app: login user=é\"\\ src=10.0.0.7");
  s.set(Field::SrcIp, "10.0.0.7").set(Field::DstUser, "é\"\\");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kOutputs, "1709632800.13"));
  EXPECT_EQ(json_of(s, Compat::Mended), golden(kOutputs, "1709632800.13"));
}

TEST(JsonWriter, RootCheckLists) {
  SampleAlert s;
  s.number = 15;
  s.fired_times = 3;
  s.rule = {};
  s.rule.id = 510;
  s.rule.level = 7;
  s.rule.description = "Root check, first time.";
  s.rule.group = "ossec,rootcheck,";
  s.decoder.name = "rootcheck";
  s.decoder.parent.clear();
  s.decoder.fts = 4096;
  s.event.program_name = {};
  s.at("ids1", "rootcheck").log("System Audit: thing {CIS: 1.2, 3.4} {PCI_DSS: 2.2.4}. File: /etc/y.");
  EXPECT_EQ(json_of(s, Compat::Ossec43), golden(kSources, "1709632800.15"));
  EXPECT_EQ(json_of(s, Compat::Mended), golden(kSources, "1709632800.15"));
}

TEST(JsonWriter, RootCheckListCannotTakeTheNameOfARuleKey) {
  SampleAlert s;
  s.rule.group = "rootcheck,pci_dss_1.1,";
  s.log("{level: 0} {PCI_DSS: 9} {A: 1}{A: 2} {open");
  const std::string json = json_of(s, Compat::Mended);
  EXPECT_NE(json.find("\"groups\":[\"rootcheck\"],\"PCI_DSS\":[\"1.1\"],\"A\":[\"1\"]}"), std::string::npos) << json;
}

TEST(JsonWriter, FileNameOfAnEvent) {
  SampleAlert s;
  s.set(Field::Filename, "/dev/.x");
  EXPECT_NE(json_of(s, Compat::Ossec43).find("\"SyscheckFile\":{\"path\":\"/dev/.x\"},\"hostname\""),
            std::string::npos);
}

TEST(JsonWriter, WhoChangedTheFile) {
  model::Actor actor;
  actor.pid = 17;
  actor.parent = 16;
  actor.uid = 0;
  actor.user = "root";
  actor.executable = "/usr/bin/\xff";
  SampleAlert s;
  s.set(Field::Filename, "/etc/x");
  s.event.actor = &actor;
  const std::string json = json_of(s, Compat::Mended);
  expect_valid(json);
  EXPECT_NE(json.find("\"SyscheckFile\":{\"path\":\"/etc/x\",\"pid\":17,\"ppid\":16,\"uid\":0,\"user\":\"root\","
                      "\"process\":\"/usr/bin/\xEF\xBF\xBD\"},\"hostname\""),
            std::string::npos)
      << json;
  EXPECT_NE(json_of(s, Compat::Ossec43).find("\"SyscheckFile\":{\"path\":\"/etc/x\"},\"hostname\""), std::string::npos)
      << "OSSEC does not know";
  // A stored alert may have lost the path.
  s.event.set(Field::Filename, {});
  EXPECT_NE(json_of(s, Compat::Mended).find("\"SyscheckFile\":{\"pid\":17,"), std::string::npos);
}

TEST(JsonWriter, ComplianceGroups) {
  SampleAlert s;
  s.rule.group = "a,pci_dss_10.2.5,cis_1,b,pci_dss_11.4";
  const std::string json = json_of(s, Compat::Ossec43);
  EXPECT_NE(json.find("\"group\":\"a,pci_dss_10.2.5,cis_1,b,pci_dss_11.4\",\"groups\":[\"a\",\"b\"],"
                      "\"PCI_DSS\":[\"10.2.5\",\"11.4\"],\"CIS\":[\"1\"]}"),
            std::string::npos)
      << json;
}

TEST(JsonWriter, UndecodedEventAndBareRule) {
  SampleAlert s;
  s.rule = {};
  s.rule.id = 2;
  s.fired_times = 0;
  s.event.decoder = nullptr;
  s.event.program_name = {};
  s.event.hostname = {};
  EXPECT_EQ(json_of(s, Compat::Ossec43),
            "{\"rule\":{\"sidid\":2},\"id\":\"1709632800.1\",\"TimeStamp\":1709632800000,"
            "\"location\":\"/var/log/app.log\",\"full_log\":\"Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 "
            "n=0\",\"decoder_desc\":{},\"timestamp\":\"2024 Mar 05 10:00:00\",\"logfile\":\"/var/log/app.log\"}\n");
}

TEST(JsonWriter, DecoderDescription) {
  SampleAlert s;
  s.decoder.fts = model::kFtsSrcIp | model::kFtsName;
  s.decoder.accumulate = true;
  s.decoder.fts_comment = "why";
  EXPECT_NE(
      json_of(s, Compat::Ossec43)
          .find("\"decoder_desc\":{\"fts\":576,\"accumulate\":1,\"parent\":\"app\",\"name\":\"app\",\"ftscomment\":"
                "\"why\"}"),
      std::string::npos);
}

TEST(JsonWriter, ControlCharacters) {
  SampleAlert s;
  s.log(std::string_view("a\b\f\n\r\t\x1f\0/\x7f", 10));
  EXPECT_NE(json_of(s, Compat::Ossec43).find("\"a\\b\\f\\n\\r\\t\\u001f\\u0000/\x7f\""), std::string::npos);
}

TEST(JsonWriter, DamagedUtf8IsKeptByOssecAndReplacedWhenMended) {
  SampleAlert s;
  s.log("x\xff\xc3(\xed\xa0\x80y");
  EXPECT_NE(json_of(s, Compat::Ossec43).find("\"x\xff\xc3(\xed\xa0\x80y\""), std::string::npos);
  const std::string json = json_of(s, Compat::Mended);
  EXPECT_NE(json.find("\"x\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFDy\""), std::string::npos);
  expect_valid(json);
}

TEST(JsonWriter, AFieldNamedLikeAnotherKey) {
  SampleAlert s;
  s.named("srcip", "6.6.6.6")
      .named("a", "1")
      .named("a", "2")
      .named("a", "3")
      .named("fields.srcip", "4")
      .named("rule", "5");
  EXPECT_NE(json_of(s, Compat::Ossec43).find("\"srcip\":\"6.6.6.6\",\"a\":\"1\",\"a\":\"2\",\"a\":\"3\""),
            std::string::npos);
  const std::string json = json_of(s, Compat::Mended);
  EXPECT_NE(json.find("\"fields.srcip\":\"6.6.6.6\",\"a\":\"1\",\"fields.a\":\"2\",\"fields.a.2\":\"3\","
                      "\"fields.fields.srcip\":\"4\",\"fields.rule\":\"5\""),
            std::string::npos)
      << json;
}

TEST(JsonWriter, ManyFieldsOfOneName) {
  SampleAlert s;
  for (int i = 0; i < 20000; ++i) s.named("n", "v");
  expect_valid(json_of(s, Compat::Mended));
}

TEST(JsonWriter, EveryByteStringGivesValidJsonWhenMended) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  SampleAlert s;
  s.log(bytes).at(bytes, bytes).set(Field::Url, bytes).named(bytes, bytes);
  s.rule.description = bytes;
  s.rule.group = bytes;
  expect_valid(json_of(s, Compat::Mended));
}

TEST(JsonArray, FrameAndSeparators) {
  SampleAlert s;
  const auto writer = make_alert_writer(Format::Json, Schema::Ossec, {});
  std::string none;
  writer->begin(none);
  writer->end(none);
  EXPECT_EQ(none, "[]\n");
  std::string two;
  writer->begin(two);
  writer->alert(two, s.alert());
  writer->alert(two, s.alert());
  writer->end(two);
  const std::string one = json_of(s, Compat::Mended);
  const std::string object = one.substr(0, one.size() - 1);
  EXPECT_EQ(two, "[\n" + object + ",\n" + object + "\n]\n");
}

TEST(AlertWriter, Words) {
  EXPECT_EQ(format_from("ndjson"), Format::Ndjson);
  EXPECT_EQ(format_from("xml"), std::nullopt);
  EXPECT_EQ(schema_from("ecs"), Schema::Ecs);
}

}  // namespace
}  // namespace gander::output
