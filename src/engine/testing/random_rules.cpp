#include "engine/testing/random_rules.h"

namespace gander::engine::testing {

const char* const kDecoders = R"(
<decoder name="app"><program_name>^app$</program_name></decoder>
<decoder name="app-login">
  <parent>app</parent><prematch>^login </prematch>
  <regex offset="after_prematch">^user=(\S+) src=(\S+) id=(\S+) url=(\S+)</regex>
  <order>user, srcip, id, url</order>
  <fts>name, srcip, user</fts>
</decoder>
<decoder name="app-own">
  <parent>app</parent><use_own_name>true</use_own_name><prematch>^own </prematch>
  <regex offset="after_prematch">^(\S+) (\S+)</regex><order>extra_data, status</order>
</decoder>
<decoder name="fw"><program_name>^fw$</program_name><type>firewall</type>
  <regex>^(\w+) (\S+)</regex><order>action, srcip</order>
</decoder>
<decoder name="plain"><prematch>^PLAIN </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>
)";

std::string Grammar::word() {
  static const char* const kWords[] = {"one", "two", "red", "blue", "fail", "ok"};
  return kWords[below(6)];
}

std::string Grammar::parent(int id) {
  if (id <= 100 || one_in(4)) return one_in(3) ? "<category>syslog</category>" : "";
  if (one_in(8)) return "<if_group>g" + std::to_string(below(3)) + "</if_group>";
  if (one_in(12)) return "<if_level>" + std::to_string(1 + below(6)) + "</if_level>";
  std::string ids = std::to_string(100 + below(id - 100));
  if (one_in(5)) ids += ", " + std::to_string(100 + below(id - 100));
  return "<if_sid>" + ids + "</if_sid>";
}

std::string Grammar::condition() {
  switch (below(16)) {
    case 0:
      return "<match>" + word() + "|" + word() + "</match>";
    case 1:
      return "<match>^login</match>";
    case 2:
      return "<regex>" + word() + " \\w+</regex>";
    case 3:
      return "<pcre2>(?:" + word() + "|" + word() + ")$</pcre2>";
    case 4:
      return "<decoded_as>app</decoded_as>";
    case 5:
      return "<decoded_as>app-own</decoded_as>";
    case 6:
      return "<srcip>10.0.0.0/30</srcip>";
    case 7:
      return "<srcip>!10.0.0.1</srcip>";
    case 8:
      return "<user>" + word() + "</user>";
    case 9:
      return "<id>^1</id>";
    case 10:
      return "<url>" + word() + "</url>";
    case 11:
      return "<program_name>app</program_name>";
    case 12:
      return "<hostname>h1</hostname>";
    case 13:
      return "<extra_data>" + word() + "</extra_data>";
    case 14:
      return "<time>8:00 - 18:00</time>";
    default:
      return "<match>" + word() + "</match>";
  }
}

std::string Grammar::composite(int id) {
  static const char* const kContext[] = {"<same_source_ip />", "<same_user />", "<same_id />", "<different_url />", "<same_location />"};
  std::string out;
  switch (below(4)) {
    case 0:
      out = "<if_matched_group>g" + std::to_string(below(3)) + "</if_matched_group>";
      break;
    case 1:
      out = "<if_matched_regex>" + word() + "</if_matched_regex>";
      break;
    default:
      out = "<if_matched_sid>" + std::to_string(id > 100 ? 100 + below(id - 100) : 1) + "</if_matched_sid>";
  }
  if (one_in(2)) out += kContext[below(5)];
  return out;
}

std::string Grammar::rule(int id) {
  std::string attributes = " id=\"" + std::to_string(id) + "\" level=\"" + std::to_string(below(13)) + "\"";
  std::string body = one_in(3) ? "<group>g" + std::to_string(below(3)) + ",</group>" : "";
  if (one_in(12)) attributes += " noalert=\"1\"";
  if (one_in(12)) attributes += " accuracy=\"0\"";
  if (one_in(10)) attributes += " ignore=\"" + std::to_string(1 + below(20)) + "\"";
  if (id > 105 && one_in(4)) {
    attributes += " frequency=\"" + std::to_string(below(4)) + "\" timeframe=\"" + std::to_string(5 + below(60)) + "\"";
    body += one_in(2) ? parent(id) : "";
    body += composite(id);
  } else {
    body += parent(id);
    if (one_in(15)) body += "<if_fts></if_fts>";
    if (one_in(20)) body += "<check_diff />";
    if (one_in(25)) body += "<options>no_log</options>";
    for (int n = below(3); n >= 0; --n) body += condition();
  }
  return "  <rule" + attributes + ">" + body + "<description>r" + std::to_string(id) + "</description></rule>\n";
}

std::string Grammar::rule_file(int rules) {
  std::string out = "<group name=\"base,\">\n";
  static const char* const kRoots[] = {"syslog", "firewall", "ids", "web-log"};
  for (int i = 0; i < 4; ++i) {
    out += "  <rule id=\"" + std::to_string(i + 1) + "\" level=\"0\" noalert=\"1\"><category>" + kRoots[i] +
           "</category><description>root</description></rule>\n";
  }
  out += "</group>\n<group name=\"g0,all,\">\n";
  // if_group and if_level need members from the start.
  out += "  <rule id=\"100\" level=\"6\"><group>g1,g2,</group><match>login</match><description>r100</description></rule>\n";
  for (int id = 101; id < 100 + rules; ++id) out += rule(id);
  return out + "</group>\n";
}

std::string Grammar::line() {
  const std::string host = one_in(4) ? "h2" : "h1";
  const std::string address = "10.0.0." + std::to_string(below(5));
  const std::string head = "Mar  5 10:00:00 " + host + " ";
  switch (below(8)) {
    case 0:
      return head + "app: own " + word() + " " + word();
    case 1:
      return head + "fw: drop " + address + " " + word();
    case 2:
      return "PLAIN " + address + " " + word();
    case 3:
      return head + "app[12]: " + word() + " " + word() + " " + word();
    default:
      return head + "app: login user=" + word() + " src=" + address + " id=" + std::to_string(below(3)) + " url=/" + word();
  }
}

int Grammar::pause() { return one_in(3) ? below(10) : 0; }

}  // namespace gander::engine::testing
