#include "live/name_service.h"

#include <resolv.h>

#include <algorithm>
#include <utility>

namespace gander::live {
namespace {

// ADDRESS NUL PART; an answer has one byte in front.
constexpr char kSplit = '\0';

// Of this thread: a name server that says nothing is given up after a second, so that a stop need not wait for it.
void be_impatient() {
  ::res_init();
  _res.retrans = 1;
  _res.retry = 1;
}

}  // namespace

void NameAsker::connect(base::Descriptor socket) {
  link_ = Link(std::move(socket));
  asked_.clear();
}

const NameAsker::Answer* NameAsker::remembered(const std::string& question, collect::Steady now) const {
  const auto known = answers_.find(question);
  return known == answers_.end() || known->second.until <= now ? nullptr : &known->second;
}

void NameAsker::take_answers(collect::Steady now) {
  link_.pump([&](Frame kind, std::string_view payload) {
    if (kind != Frame::Name || payload.size() < 2) return true;
    const std::string question(payload.substr(1));
    if (question == asked_) asked_.clear();
    if (answers_.size() >= kMostRemembered) answers_.clear();
    answers_[question] = {payload.front() != 0, now + kRemembered};
    return true;
  });
  if (link_.state() == Link::State::Closed) asked_.clear();
}

void NameAsker::wait_until(collect::Steady end) const {
  const collect::Steady left = end - moment_now().steady;
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  pollfd wanted{link_.descriptor(), POLLIN, 0};
  if (milliseconds > 0) ::poll(&wanted, 1, static_cast<int>(milliseconds));
}

bool NameAsker::reverse_name_holds(const std::string& address, std::string_view part) {
  std::string question = address;
  question.append(1, kSplit).append(part);
  collect::Steady now = moment_now().steady;
  take_answers(now);
  if (const Answer* const known = remembered(question, now)) return known->holds;
  if (!asked_.empty() || link_.state() == Link::State::Closed) return false;
  asked_ = question;
  link_.send(Frame::AskName, question);
  for (const collect::Steady end = now + kPatience; now < end; now = moment_now().steady) {
    wait_until(end);
    take_answers(now);
    if (const Answer* const known = remembered(question, now)) return known->holds;
    if (link_.state() == Link::State::Closed) break;
  }
  return false;
}

void NameAnswerer::connect(base::Descriptor socket) {
  link_ = Link(std::move(socket));
  question_.clear();
  looked_for_.clear();
}

void NameAnswerer::add_descriptors(std::vector<pollfd>& wanted) const {
  const auto events = static_cast<short>(POLLIN | (link_.waiting() > 0 ? POLLOUT : 0));
  if (link_.state() == Link::State::Open) wanted.push_back({link_.descriptor(), events, 0});
  if (side_.busy()) wanted.push_back({side_.descriptor(), POLLIN, 0});
}

void NameAnswerer::step() {
  link_.flush();
  link_.pump([this](Frame kind, std::string_view payload) {
    if (kind == Frame::AskName && payload.find(kSplit) != std::string_view::npos) question_ = payload;
    return true;
  });
  // An answer for one that is gone has no question any more.
  if (side_.take() && !looked_for_.empty()) {
    link_.send(Frame::Name, std::string(1, holds_ ? '\1' : '\0') + std::exchange(looked_for_, {}));
  }
  if (side_.busy() || question_.empty()) return;
  looked_for_ = std::exchange(question_, {});
  side_.start([this, question = looked_for_] {
    be_impatient();
    const size_t split = question.find(kSplit);
    holds_ = resolver_.reverse_name_holds(question.substr(0, split), std::string_view(question).substr(split + 1));
  });
}

}  // namespace gander::live
