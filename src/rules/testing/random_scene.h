// Random rule sets and message streams over small alphabets, for comparing correlations.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "rules/testing/correlation_scene.h"

namespace gander::rules::testing {

class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}

  int below(int n) { return static_cast<int>(engine_() % static_cast<uint32_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[static_cast<size_t>(below(static_cast<int>(choices.size())))];
  }

 private:
  std::mt19937 engine_;
};

inline constexpr int kBases = 4;

// Rules 100.. are bases, 200.. composites of every kind, 300.. simple children of composites.
struct RandomRules {
  enum class Kinds { All, OneSourceEqual };

  RandomRules(Dice& dice, Kinds kinds) : RandomRules(dice, kinds, 2 + dice.below(6)) {}
  // `composites`: how many, at most 100.
  RandomRules(Dice& dice, Kinds kinds, int composites) {
    const int feeding = kinds == Kinds::All ? 3 : 1;
    for (RuleId id = 100; id < 100 + kBases; ++id) rules.add(id, dice.of<int>({3, 5, 5}));
    for (RuleId id = 200; id < 200 + composites; ++id) add_composite(dice, kinds, id);
    for (RuleId id = 300; id < 300 + dice.below(3); ++id) add_child(dice, kinds, id, composites);
    for (const auto& rule : rules.tree.rules) {
      rule->sid_places = 1 + (kinds == Kinds::All && dice.one_in(8) ? dice.below(3) : 0);
      for (Rule::Feed& feed : rule->feeds_groups) feed.times = dice.one_in(8) ? 1 + dice.below(feeding) : 1;
    }
  }

  SceneRules rules;

 private:
  // In OneSourceEqual no event is in two kinds of lists, and nothing asks for a difference.
  void add_composite(Dice& dice, Kinds kinds, RuleId id) {
    const bool all = kinds == Kinds::All;
    const int kind = dice.below(all ? 5 : 4);
    const int level = dice.of<int>({5, 8, 10, 10, 12, all ? 0 : 10});
    const int frequency = dice.one_in(12) ? 12 : dice.below(4);
    const int timeframe = dice.of<int>({1, 5, 20, 20, 100});
    Rule& rule = rules.composite(
        id, level, kind < 2 ? Composite::Sid : (kind < 4 ? Composite::Group : Composite::Regex), frequency, timeframe);
    const auto some_earlier = [&] {
      return dice.one_in(3) && id > 200 ? 200 + dice.below(id - 200) : 100 + dice.below(kBases);
    };
    RuleId parent = some_earlier();
    if (rule.composite == Composite::Sid) {
      rule.matched_sid = parent;
      rule.matched_sid_unknown = all && dice.one_in(20);
      Rule& base = *rules.tree.by_id.at(parent);
      base.keeps_sid_list = true;
      if (!all) base.feeds_groups.clear();
    } else if (rule.composite == Composite::Group) {
      for (int i = 1 + dice.below(3); i > 0; --i) feed(dice.one_in(5) ? id : some_earlier(), rule, kinds);
    } else if (!dice.one_in(4)) {
      auto pattern = text::Pattern::compile(text::Dialect::OsMatch, dice.of<std::string>({"a", "b", "^a", "c|b"}),
                                            text::OnInvalidUtf8::SearchBytes);
      rule.matched_regex = std::make_shared<text::Pattern>(std::move(*pattern));
    }
    set_context(dice, kinds, rule.context);
    rule.noalert = dice.one_in(10);
    rules.below(parent, rule);
    if (dice.one_in(3)) {
      parent = 100 + dice.below(kBases);
      rules.below(parent, rule);
    }
  }

  void feed(RuleId from, const Rule& composite, Kinds kinds) {
    Rule& rule = *rules.tree.by_id.at(from);
    if (kinds == Kinds::OneSourceEqual && rule.keeps_sid_list) return;
    for (const Rule::Feed& f : rule.feeds_groups) {
      if (f.composite == &composite) return;
    }
    rule.feeds_groups.push_back({&composite, 1});
  }

  static void set_context(Dice& dice, Kinds kinds, ContextFlags& c) {
    c.same_source_ip = dice.one_in(3);
    c.same_user = dice.one_in(6);
    c.same_id = dice.one_in(8);
    c.same_src_port = dice.one_in(10);
    c.same_dst_port = dice.one_in(10);
    c.same_location = dice.one_in(8);
    if (kinds == Kinds::OneSourceEqual) return;
    c.different_url = dice.one_in(6);
    c.different_srcip = dice.one_in(10);
    c.different_srcgeoip = dice.one_in(30);
    c.not_same_user = dice.one_in(10);
  }

  void add_child(Dice& dice, Kinds kinds, RuleId id, int composites) {
    Rule& child = rules.add(id, dice.of<int>({3, 8, 12}));
    const Rule& owner = *rules.tree.by_id.at(200 + dice.below(composites));
    if (kinds == Kinds::All) child.line_store = &owner;
    rules.below(owner.info.id, child);
    if (dice.one_in(2)) rules.below(100 + dice.below(kBases), child);
  }
};

struct RandomStream {
  enum class Times { Any, NeverBack };
  enum class Sources { Many, One };

  RandomStream(Dice& dice, Times times, Sources sources, size_t size) {
    const Message one = message(dice, sources);
    int64_t now = 1'000'000;
    for (size_t i = 0; i < size; ++i) {
      now += dice.of<int64_t>({0, 0, 0, 1, 1, 1, 2, 4, dice.one_in(4) ? 15 : 1, dice.one_in(10) ? 90 : 0});
      if (times == Times::Any && dice.one_in(15)) now -= dice.below(30);
      Message m = sources == Sources::One ? one : message(dice, sources);
      m.time = now;
      m.base = 100 + dice.below(kBases);
      m.log = dice.of<std::string>({"a", "b", "ab", "xc"}) + " " + std::to_string(i);
      messages.push_back(m);
    }
  }

  std::vector<Message> messages;

 private:
  static Message message(Dice& dice, Sources sources) {
    Message m;
    const auto maybe = [&](Field f, const std::vector<std::string>& values) {
      if (!dice.one_in(sources == Sources::One ? 4 : 8)) m.fields.emplace_back(f, dice.of(values));
    };
    maybe(Field::SrcIp, {"1.1.1.1", "2.2.2.2", "3.3.3.3"});
    maybe(Field::DstUser, {"bob", "eve", ""});
    maybe(Field::Id, {"1", "2"});
    maybe(Field::SrcPort, {"80", "81"});
    maybe(Field::DstPort, {"22", "23"});
    maybe(Field::Url, {"/", "/a", "/b", "/c", "/d"});
    m.hostname = dice.of<std::string>({"h", "k", "(ag) 1.1.1.1->/l", "(ag) 1.1.1.1->/m"});
    m.category = dice.one_in(6) ? model::Category::Firewall : model::Category::Syslog;
    return m;
  }
};

}  // namespace gander::rules::testing
