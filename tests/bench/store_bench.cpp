// What the store does in a second: records through the journal, alerts into the index, answers out of it. Run by
// tools/bench_alerts.
//
// usage: gander_store_bench FOLDER ALERTS    (FOLDER is made, and left to the caller)

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "model/alert_record.h"
#include "store/alert_query.h"
#include "store/index_file.h"
#include "store/journal.h"
#include "store/spool.h"
#include "store/stable_id_maker.h"

namespace {

using gander::model::StoredAlert;
using namespace gander::store;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Processor seconds of this process: what a busy machine does not stretch.
double processor() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

template <class T>
T& must(gander::Result<T>& result) {
  if (!result) {
    std::fprintf(stderr, "gander_store_bench: %s\n", result.error().message.c_str());
    std::exit(2);
  }
  return *result;
}
void must(const gander::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "gander_store_bench: %s\n", result.error().message.c_str());
  std::exit(2);
}

const gander::base::Instant kNow = gander::base::from_unix(1'768'435'200);  // 2026-01-15

// Alerts of a busy day: a few hundred attackers make most of them, thousands come once.
class Alerts {
 public:
  const StoredAlert& next() {
    const unsigned n = count_++;
    const unsigned kind = random_() % 100;
    alert_.time = kNow + std::chrono::milliseconds(int64_t{n} * 86);
    alert_.stored_time = alert_.time;
    alert_.id = std::to_string(gander::base::unix_seconds(alert_.time)) + "." + std::to_string(n);
    alert_.stable_id = ids_.of("/var/log/auth.log", std::to_string(n), 5710).hex();
    alert_.rule = 5700 + static_cast<int>(kind < 60 ? kind % 4 : kind);
    alert_.level = kind < 60 ? 5 : kind < 99 ? 3 + static_cast<int>(kind % 6) : 12;
    alert_.group = kind % 2 == 0 ? " syslog,sshd,authentication_failed," : " web,accesslog,";
    alert_.host = "web" + std::to_string(random_() % 8);
    alert_.location = alert_.host + "->/var/log/auth.log";
    alert_.description = "Attempt to login using a non-existent user";
    const unsigned who = random_() % 10 < 7 ? random_() % 300 : 300 + random_() % 60'000;
    alert_.src_ip = "198." + std::to_string(who % 200) + "." + std::to_string(who / 200) + ".7";
    const std::string user = "user" + std::to_string(random_() % 5000);
    alert_.user = user;
    alert_.log = {"Jan 15 12:00:00 " + alert_.host + " sshd[" + std::to_string(random_() % 30'000) +
                  "]: Failed password for invalid user " + user + " from " + *alert_.src_ip + " port " +
                  std::to_string(1024 + random_() % 60'000) + " ssh2"};
    return alert_;
  }

 private:
  std::mt19937 random_{2026};
  unsigned count_ = 0;
  StableIdMaker ids_{"bench"};
  StoredAlert alert_;
};

void bench_journal(const std::string& home) {
  JournalOptions options;
  options.home = home;
  options.now = kNow;
  options.spool_cap = uint64_t{1} << 40;
  gander::Result<std::unique_ptr<Journal>> opened = Journal::open(options);
  Journal& journal = *must(opened);
  const std::string record(400, 'r');
  constexpr int kBatches = 60;
  constexpr int kRecords = 100'000;
  const Clock::time_point begin = Clock::now();
  const double processor_begin = processor();
  double synced = 0;
  for (int b = 0; b < kBatches; ++b) {
    for (int i = 0; i < kRecords; ++i) {
      journal.batch().open_record() += record;
    }
    journal.batch().place("source", std::to_string(b));
    must(journal.commit());
    journal.remove_passed_segments();
    if (since(begin) - synced < 1) continue;
    must(journal.sync());
    synced = since(begin);
  }
  const double seconds = since(begin);
  std::printf(
      "journal: %d records of 400 bytes in batches of %d: %.2f s (%.2f s of processor), %.0f records/s (sync each "
      "second)\n",
      kBatches * kRecords, kRecords, seconds, processor() - processor_begin, kBatches * kRecords / seconds);
  const Clock::time_point small = Clock::now();
  constexpr int kSmall = 5000;
  for (int b = 0; b < kSmall; ++b) {
    journal.batch().open_record() += record;
    journal.batch().log(LogKind::Alerts) += record;
    journal.batch().place("source", std::to_string(b));
    must(journal.commit());
  }
  std::printf("journal: batches of one alert, with text and chain: %.0f commits/s\n", kSmall / since(small));
}

void bench_fill(const std::string& home, int count) {
  gander::Result<IndexFile> opened = IndexFile::open(home + "/" + index_name({2026, 1, 15}), IndexFile::Access::Write);
  IndexFile& file = must(opened);
  Alerts alerts;
  std::string record;
  const Clock::time_point begin = Clock::now();
  const double processor_begin = processor();
  for (int i = 0; i < count; ++i) {
    if (i % 5000 == 0) must(file.begin());
    record.clear();
    gander::model::append_record(record, alerts.next());
    must(file.add(record));
    if (i % 5000 == 4999 || i + 1 == count) must(file.commit());
  }
  const double seconds = since(begin);
  must(file.db().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  std::printf("index: %d alerts: %.1f s (%.1f s of processor), %.0f alerts/s, %.0f bytes an alert\n", count, seconds,
              processor() - processor_begin, count / seconds,
              static_cast<double>(std::filesystem::file_size(home + "/" + index_name({2026, 1, 15}))) / count);
}

void ask(const std::string& home, const char* what, const AlertQuery& query) {
  std::vector<double> times;
  const double processor_begin = processor();
  uint64_t found = 0;
  for (int run = 0; run < 5; ++run) {
    AlertSearch search(home, gander::base::TimeZone::utc());
    const Clock::time_point begin = Clock::now();
    gander::Result<uint64_t> count = search.run(query, [](const StoredAlert&) { return true; });
    found = must(count);
    times.push_back(since(begin) * 1000);
  }
  const double first = times[0];
  std::sort(times.begin(), times.end());
  std::printf("search: %-58s %6llu alerts, first %7.2f ms, median %7.2f ms, processor %7.2f ms\n", what,
              static_cast<unsigned long long>(found), first, times[times.size() / 2],
              (processor() - processor_begin) * 1000 / static_cast<double>(times.size()));
}

void bench_search(const std::string& home, int count) {
  AlertQuery q;
  q.limit = 50;
  const AlertQuery plain = q;
  ask(home, "the newest 50", q);
  q.text = "password";
  ask(home, "text: a word of every alert", q);
  q.text = "fail*";
  ask(home, "text: a beginning of every alert", q);
  q.text = "user49*";
  ask(home, "text: a beginning of one in 50", q);
  q.text = "user4999 198.7.1.7";
  ask(home, "text: a user and an address, rare", q);
  q.text = "\"invalid user user77\"";
  ask(home, "text: words that stand together", q);
  q.text = "nothingofthekind";
  ask(home, "text: nothing fits", q);
  q = plain;
  q.address = "198.7.1.7";
  ask(home, "address", q);
  q.address = "198.199.250.7";
  ask(home, "address, rare", q);
  q.min_level = 12;
  q.address = "198.7.1.7";
  ask(home, "address and level", q);
  q = plain;
  q.rules = {5799};
  ask(home, "rule", q);
  q = plain;
  q.min_level = 12;
  q.since = kNow + std::chrono::milliseconds(int64_t{count} * 43);
  q.until = *q.since + std::chrono::minutes(30);
  ask(home, "level and time", q);
  q.text = "user1*";
  ask(home, "level, time and text", q);
  q = plain;
  q.group = "sshd";
  q.user = "user4321";
  ask(home, "group and user", q);
  q = plain;
  q.host = "web3";
  q.order = AlertQuery::Order::OldestFirst;
  ask(home, "host, oldest first", q);
  q = plain;
  q.address = "198.199.0.0/16";
  ask(home, "network, one in 200", q);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: gander_store_bench FOLDER ALERTS\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string home = argv[1];
  const int count = std::atoi(argv[2]);
  std::filesystem::create_directories(home);
  bench_journal(home);
  bench_fill(home, count);
  bench_search(home, count);
  return 0;
}
