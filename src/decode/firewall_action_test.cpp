#include "decode/firewall_action.h"

#include <gtest/gtest.h>

namespace gander::decode {
namespace {

using model::Field;

model::Event event_with(std::string_view action) {
  model::Event e;
  e.category = model::Category::Firewall;
  e.set(Field::Action, action);
  e.set(Field::SrcIp, "192.0.2.1");
  e.set(Field::DstIp, "192.0.2.2");
  e.set(Field::Protocol, "TCP");
  return e;
}

std::string_view normalised(std::string_view action) {
  model::Event e = event_with(action);
  normalise_firewall_action(e);
  return e.field(Field::Action);
}

TEST(FirewallAction, TheFirstLetterDecides) {
  EXPECT_EQ(normalised("deny"), "DROP");
  EXPECT_EQ(normalised("Reject"), "DROP");
  EXPECT_EQ(normalised("BLOCK"), "DROP");
  EXPECT_EQ(normalised("closed"), "CLOSED");
  EXPECT_EQ(normalised("Teardown"), "CLOSED");
  EXPECT_EQ(normalised("Accept"), "ALLOW");
  EXPECT_EQ(normalised("pass"), "ALLOW");
  EXPECT_EQ(normalised("open"), "ALLOW");
}

TEST(FirewallAction, ElseAWordWithin) {
  EXPECT_EQ(normalised("fw-drop"), "DROP");
  EXPECT_EQ(normalised("fw-accept"), "ALLOW");
  EXPECT_EQ(normalised("xyz"), "UNKNOWN");
  EXPECT_EQ(normalised(""), "UNKNOWN");
}

TEST(FirewallAction, OtherAndIncompleteEventsAreLeft) {
  model::Event other = event_with("deny");
  other.category = model::Category::Syslog;
  normalise_firewall_action(other);
  EXPECT_EQ(other.field(Field::Action), "deny");
  model::Event incomplete = event_with("deny");
  incomplete.set(Field::Protocol, {});
  EXPECT_FALSE(is_complete_firewall_event(incomplete));
  normalise_firewall_action(incomplete);
  EXPECT_EQ(incomplete.field(Field::Action), "deny");
}

}  // namespace
}  // namespace gander::decode
