// What the alert writers write, the alert reader reads, whatever the log lines hold.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "output/alert_writer.h"
#include "report/alert_reader.h"

namespace gander {
namespace {

using model::Field;
using output::Format;
using output::Schema;

struct Made {
  model::RuleInfo rule;
  model::Event event;
  std::vector<std::string_view> previous;
};

class RandomAlerts {
 public:
  explicit RandomAlerts(uint32_t seed) : random_(seed) {}

  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  // Pieces of the format itself, line ends, and bytes that mean something somewhere.
  std::string text() {
    static constexpr std::array<std::string_view, 22> kPieces = {"** Alert 1.1: - x",
                                                                 "** Alert",
                                                                 "Rule: 1 (level 2) -> 'y'",
                                                                 "User: root",
                                                                 "Src IP: 6.6.6.6",
                                                                 "Dst Port: 1",
                                                                 "2024 Mar 05 10:00:00 h->l",
                                                                 "\n",
                                                                 "\n\n",
                                                                 " ",
                                                                 "",
                                                                 "a log line",
                                                                 "\x1b[2J",
                                                                 "\xff\xfe",
                                                                 "é",
                                                                 "'",
                                                                 "\"",
                                                                 "{",
                                                                 ",",
                                                                 "Old md5sum was: 'x'",
                                                                 "\r",
                                                                 "Integrity checksum changed for: '/x'"};
    std::string out;
    for (size_t n = below(6); n > 0; --n) out += kPieces[below(kPieces.size())];
    return out;
  }

  Made make() {
    Made m;
    m.rule.id = static_cast<int>(below(100000));
    m.rule.level = static_cast<int>(below(16));
    m.rule.group = "syslog,sshd,";
    m.rule.description = text();
    m.rule.mail = below(2) == 0;
    m.event.time = base::from_unix(1709632800 + static_cast<int64_t>(below(100000)));
    m.event.hostname = m.event.keep(text());
    m.event.location = m.event.keep("/var/log/" + text());
    for (const Field f : {Field::SrcIp, Field::SrcPort, Field::DstIp, Field::DstPort, Field::DstUser}) {
      if (below(2) == 0) m.event.set(f, m.event.keep(text()));
    }
    m.event.full_log = m.event.keep(text());
    for (size_t n = below(4); n > 0; --n) m.previous.push_back(m.event.keep(text()));
    return m;
  }

 private:
  std::mt19937 random_;
};

struct Round {
  std::vector<model::StoredAlert> alerts;
  report::ReadCounters counters;
};

Round round_trip(Format format, Schema schema, const std::vector<Made>& made) {
  const auto writer = output::make_alert_writer(format, schema, {});
  std::string text;
  writer->begin(text);
  for (size_t i = 0; i < made.size(); ++i) {
    writer->alert(text, {i + 1, &made[i].rule, &made[i].event, made[i].previous, 1});
  }
  writer->end(text);
  Round out;
  report::AlertReader reader(
      model::Compat::Mended, "test", [&](const model::StoredAlert& a) { out.alerts.push_back(a); },
      [](const std::string&) {});
  reader.feed(text);
  reader.finish();
  out.counters = reader.counters();
  return out;
}

void expect_same(const Made& made, const model::StoredAlert& read, size_t number) {
  EXPECT_EQ(read.id, std::to_string(base::unix_seconds(made.event.time)) + "." + std::to_string(number));
  EXPECT_EQ(read.rule, made.rule.id);
  EXPECT_EQ(read.level, made.rule.level);
  EXPECT_EQ(read.group, " " + made.rule.group);
  EXPECT_EQ(read.src_ip.has_value(), made.event.has(Field::SrcIp));
  EXPECT_EQ(read.dst_ip.has_value(), made.event.has(Field::DstIp));
  EXPECT_EQ(read.user.has_value(), made.event.has(Field::DstUser));
}

TEST(AlertRoundTrip, NoLogTextChangesAnAlertOrAddsOne) {
  RandomAlerts random(7);
  std::vector<Made> made;
  for (int i = 0; i < 3000; ++i) made.push_back(random.make());
  const Round text = round_trip(Format::Text, Schema::Ossec, made);
  ASSERT_EQ(text.alerts.size(), made.size());
  EXPECT_EQ(text.counters.damaged, 0U);
  for (size_t i = 0; i < made.size(); ++i) {
    expect_same(made[i], text.alerts[i], i + 1);
    EXPECT_EQ(text.alerts[i].mail, made[i].rule.mail);
    // Lines that the server built, line by line, and the remembered ones.
    size_t lines = 1 + made[i].previous.size();
    for (const std::string_view t : made[i].previous) lines += std::count(t.begin(), t.end(), '\n');
    lines += std::count(made[i].event.full_log.begin(), made[i].event.full_log.end(), '\n');
    EXPECT_LE(text.alerts[i].log.size(), lines);
  }
}

TEST(AlertRoundTrip, JsonForms) {
  RandomAlerts random(11);
  std::vector<Made> made;
  for (int i = 0; i < 500; ++i) made.push_back(random.make());
  for (const Format format : {Format::Json, Format::Ndjson}) {
    for (const Schema schema : {Schema::Ossec, Schema::Ecs}) {
      const Round round = round_trip(format, schema, made);
      ASSERT_EQ(round.alerts.size(), made.size());
      EXPECT_EQ(round.counters.damaged, 0U);
      for (size_t i = 0; i < made.size(); ++i) {
        EXPECT_EQ(round.alerts[i].rule, made[i].rule.id);
        EXPECT_EQ(round.alerts[i].level, made[i].rule.level);
        EXPECT_EQ(round.alerts[i].group, " " + made[i].rule.group);
      }
    }
  }
}

}  // namespace
}  // namespace gander
