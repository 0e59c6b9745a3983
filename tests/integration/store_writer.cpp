// Fills a home as the live host does: decisions through the writers, the journal and the indexer. For alerts_test.py.
//
// usage: gander_store_writer HOME DAY COUNT

#include <cstdio>
#include <cstdlib>
#include <string>

#include "model/alert.h"
#include "output/record_writer.h"
#include "output/text_writer.h"
#include "store/indexer.h"
#include "store/journal.h"
#include "store/spool.h"
#include "store/stable_id_maker.h"

namespace {

using namespace gander;

struct Sample {
  model::RuleInfo rule;
  model::DecoderInfo decoder;
  model::Event event;
  model::Alert alert;

  void fill(int n, base::Instant begin) {
    const bool many = n % 21 == 20;
    rule.id = many ? 5712 : 5710;
    rule.level = many ? 12 : 5;
    rule.description = many ? "many of them" : "unknown user";
    rule.group = "syslog,sshd,";
    decoder.name = "sshd";
    event.reset();
    event.time = begin + std::chrono::seconds(n);
    event.location = event.keep("/var/log/auth.log");
    event.hostname = event.keep("h1");
    event.program_name = event.keep("sshd");
    event.decoder = &decoder;
    const std::string user = "user" + std::to_string(n);
    const std::string ip = "10.0.0." + std::to_string(n);
    event.set(model::Field::SrcIp, event.keep(ip));
    event.set(model::Field::DstUser, event.keep(user));
    event.full_log = event.keep("Mar  5 10:00:00 h1 sshd[7]: invalid user " + user + " from " + ip);
    event.log = event.full_log;
    alert = {static_cast<uint64_t>(n), &rule, &event, {}, 1};
  }
};

template <class T>
void must(const Result<T>& result) {
  if (result) return;
  std::fprintf(stderr, "gander_store_writer: %s\n", result.error().message.c_str());
  std::exit(2);
}

void index_all(const std::string& home) {
  store::IndexerOptions options;
  options.home = home;
  Result<std::unique_ptr<store::Indexer>> indexer = store::Indexer::open(options);
  must(indexer);
  for (Result<size_t> taken = (*indexer)->step();; taken = (*indexer)->step()) {
    must(taken);
    if (*taken == 0) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::optional<store::Day> day = store::Day::from_iso(argv[2]);
  if (!day) return 2;
  store::JournalOptions options;
  options.home = argv[1];
  options.now = base::from_unix(base::days_from_civil(day->year, day->month, day->day) * 86'400 + 36'000);
  Result<std::unique_ptr<store::Journal>> opened = store::Journal::open(options);
  must(opened);
  store::Journal& journal = **opened;
  must(store::SpoolReader::open(options.home, "index", store::SpoolReader::Start::Oldest));
  output::RecordWriter records(base::TimeZone::utc());
  output::TextWriter texts(model::Compat::Mended, base::TimeZone::utc(), "");
  store::StableIdMaker ids("sample rules");
  Sample sample;
  const uint64_t run = journal.sequence();
  for (int n = 0; n < std::atoi(argv[3]); ++n) {
    sample.fill(n, options.now);
    store::Batch& batch = journal.batch();
    const std::string place = std::to_string(run) + " " + std::to_string(n);
    output::RecordExtras extras;
    extras.id = ids.of("sample", place, sample.rule.id);
    extras.stored_time = sample.event.time;
    records.alert(batch.open_record(), sample.alert, extras);
    texts.alert(batch.log(store::LogKind::Alerts), sample.alert);
    batch.place("sample", place);
    if (n % 5 == 0) must(journal.commit());
  }
  must(journal.commit());
  index_all(options.home);
  must(journal.close());
  return 0;
}
