// What the scanner told and the analysis did not keep is told again, and nothing else.
#include "live/scan_outbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <map>

#include "live/wire.h"

namespace gander::live {
namespace {

using Texts = std::vector<std::string>;

// The other end: an analysis that keeps what it is told to keep.
class FakeAnalysis {
 public:
  FakeAnalysis() : FakeAnalysis(Link::pair()) {}

  // Texts that came, and their batches' numbers and places.
  Texts receive(ScanOutbox& outbox) {
    Texts out;
    outbox.send_to(theirs_);
    theirs_.flush();
    while (true) {
      size_t frames = 0;
      ours_.pump([&](Frame kind, std::string_view payload) {
        ++frames;
        BatchView view;
        EXPECT_EQ(kind, Frame::Batch);
        EXPECT_TRUE(decode(payload, view));
        for (const collect::Record& r : view.records) out.emplace_back(r.text);
        last_number = view.batch.number;
        places[std::string(view.batch.source)] = view.batch.place;
        return true;
      });
      pollfd waiting{ours_.descriptor(), POLLIN, 0};
      if (frames == 0 && theirs_.flush() && ::poll(&waiting, 1, 0) == 0) return out;
    }
  }
  std::vector<collect::KeptPlace> kept() const {
    std::vector<collect::KeptPlace> out;
    for (const auto& [source, place] : places) out.push_back({source, place});
    return out;
  }

  uint64_t last_number = 0;
  std::map<std::string, std::string> places;

 private:
  explicit FakeAnalysis(std::pair<base::Descriptor, base::Descriptor> ends)
      : ours_(std::move(ends.first)), theirs_(std::move(ends.second)) {}
  Link ours_;
  Link theirs_;
};

std::vector<ScanLine> lines(const Texts& texts) {
  std::vector<ScanLine> out;
  for (const std::string& t : texts) out.push_back({'8', t});
  return out;
}

const std::atomic<bool> kGoOn{false};
const std::atomic<bool> kStop{true};

TEST(ScanOutbox, WhatIsKeptIsNotWaitedFor) {
  ScanOutbox outbox;
  FakeAnalysis analysis;
  outbox.attach({}, {});
  const uint64_t ticket = outbox.put("integrity", lines({"a", "b"}));
  EXPECT_EQ(analysis.receive(outbox), (Texts{"a", "b"}));
  EXPECT_FALSE(outbox.wait_kept(ticket, kStop));
  outbox.kept(analysis.last_number);
  EXPECT_TRUE(outbox.wait_kept(ticket, kGoOn));
  EXPECT_EQ(outbox.waiting(), 0u);
  EXPECT_EQ(analysis.receive(outbox), Texts{});
}

TEST(ScanOutbox, AnAnalysisThatWasKilledIsSentTheRestAgain) {
  ScanOutbox outbox;
  FakeAnalysis first;
  outbox.attach({}, {});
  const uint64_t one = outbox.put("integrity", lines({"a", "b"}));
  first.receive(outbox);
  const auto kept = first.kept();  // and no word of it came
  const uint64_t two = outbox.put("integrity", lines({"c"}));
  outbox.put("rootcheck", lines({"r"}));
  first.receive(outbox);
  outbox.detach();
  outbox.put("integrity", lines({"d"}));
  FakeAnalysis second;
  EXPECT_EQ(second.receive(outbox), Texts{});  // it did not say yet what it has
  outbox.attach(kept, {});
  EXPECT_TRUE(outbox.wait_kept(one, kGoOn));
  EXPECT_FALSE(outbox.wait_kept(two, kStop));
  EXPECT_EQ(second.receive(outbox), (Texts{"c", "r", "d"}));
}

TEST(ScanOutbox, AScannerThatWasKilledCountsOn) {
  FakeAnalysis analysis;
  {
    ScanOutbox outbox;
    outbox.attach({}, base::from_unix(7));
    outbox.put("integrity", lines({"a", "b"}));
    analysis.receive(outbox);
  }
  EXPECT_EQ(analysis.places["integrity"], "7000000 2");
  ScanOutbox outbox;
  outbox.attach(analysis.kept(), base::from_unix(9));
  outbox.put("integrity", lines({"c"}));
  outbox.put("rootcheck", lines({"r"}));
  analysis.receive(outbox);
  EXPECT_EQ(analysis.places["integrity"], "7000000 3");
  EXPECT_EQ(analysis.places["rootcheck"], "9000000 1");
}

TEST(ScanOutbox, ManyLinesAreSeveralBatches) {
  ScanOutbox outbox;
  FakeAnalysis analysis;
  outbox.attach({}, {});
  outbox.put("integrity", lines(Texts(2 * ScanOutbox::kMostLines + 1, "x")));
  EXPECT_EQ(analysis.receive(outbox).size(), 2 * ScanOutbox::kMostLines + 1);
  EXPECT_EQ(analysis.last_number, 3u);
  outbox.put("integrity", lines(Texts(3, std::string(ScanOutbox::kMostBytes, 'x'))));
  EXPECT_EQ(analysis.receive(outbox).size(), 3u);
  EXPECT_EQ(analysis.last_number, 6u);
}

}  // namespace
}  // namespace gander::live
