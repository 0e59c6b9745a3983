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
<decoder name="app-net">
  <parent>app</parent><prematch>^net </prematch>
  <regex offset="after_prematch">^(\S+):(\d+) (\S+):(\d+) (\S+) (\S+) (\S+)</regex>
  <order>srcip, srcport, dstip, dstport, action, status, srcuser</order>
</decoder>
<decoder name="app-named">
  <parent>app</parent><prematch>^named </prematch>
  <regex offset="after_prematch">^(\S+) (\S+) (\S+)</regex><order>alpha, beta, user</order>
</decoder>
<decoder name="app-parts">
  <parent>app</parent><prematch>^part </prematch>
  <regex offset="after_prematch">^(\d+) user (\S+)|^(\d+) from (\S+)</regex><order>id, user</order>
  <accumulate>yes</accumulate>
</decoder>
<decoder name="fw"><program_name>^fw$</program_name><type>firewall</type>
  <regex>^(\w+) (\S+)</regex><order>action, srcip</order>
</decoder>
<decoder name="nids"><program_name>^nids$</program_name><type>ids</type>
  <regex>^(\S+) (\S+) (\S+)</regex><order>id, srcip, dstip</order><fts>name, id, srcip, dstip</fts>
</decoder>
<decoder name="web"><prematch>^WEB </prematch><type>web-log</type>
  <regex offset="after_prematch">^(\S+) (\w+) (\S+) (\d+)</regex><order>srcip, action, url, id</order>
</decoder>
<decoder name="win"><prematch>^WIN </prematch><type>windows</type>
  <regex offset="after_prematch">^(\S+) (\S+)</regex><order>status, user</order>
</decoder>
<decoder name="plain"><prematch>^PLAIN </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>
)";

namespace {

constexpr const char* kConditions[] = {
    "<match>%w</match>",
    "<match>%w|%w</match>",
    "<match>^login</match>",
    "<match>!%w</match>",
    "<match>%w$</match>",
    "<match>%w %w|^own %w</match>",
    "<match>user=%w src=</match>",
    "<match_pcre2>%w %w</match_pcre2>",
    "<match_pcre2>%w.+%w</match_pcre2>",
    "<match_pcre2>(?i)%w</match_pcre2>",
    "<regex>%w \\w+</regex>",
    "<regex>^\\w+ %w|%w$</regex>",
    "<regex>user=(\\S+) src=\\S+|^net \\S+ (%w)</regex>",
    "<pcre2>^own \\w+ (%w)$</pcre2>",
    "<regex>src=\\d+.\\d+.\\d+.%n</regex>",
    "<pcre2>(?:%w|%w)$</pcre2>",
    "<pcre2>\\b%w\\b(?!.*%w)</pcre2>",
    "<decoded_as>app</decoded_as>",
    "<decoded_as>app-own</decoded_as>",
    "<decoded_as>web</decoded_as>",
    "<program_name>app</program_name>",
    "<program_name_pcre2>^(app|fw)$</program_name_pcre2>",
    "<hostname>h1</hostname>",
    "<hostname_pcre2>h[12]$</hostname_pcre2>",
    "<id>^%n</id>",
    "<id_pcre2>^[0-%n]</id_pcre2>",
    "<url>%w</url>",
    "<url_pcre2>/(%w|%w)</url_pcre2>",
    "<user>%w</user>",
    "<user_pcre2>^%w$</user_pcre2>",
    "<action>%w</action>",
    "<status>%w</status>",
    "<status_pcre2>^%w|%w</status_pcre2>",
    "<extra_data>%w</extra_data>",
    "<extra_data_pcre2>%w$</extra_data_pcre2>",
    "<srcip>%a</srcip>",
    "<srcip>!%a</srcip>",
    "<srcip>10.0.0.0/30</srcip>",
    "<srcip>%a</srcip><srcip>%a</srcip><srcip>2001:db8::/32</srcip>",
    "<dstip>%a</dstip><dstip>10.0.0.2/31</dstip>",
    "<dstip>!10.0.0.0/24</dstip>",
    "<srcport>%p</srcport>",
    "<srcport_pcre2>^%p$</srcport_pcre2>",
    "<dstport>^%p</dstport>",
    "<dstport_pcre2>%p</dstport_pcre2>",
    "<srcgeoip>%w</srcgeoip>",
    "<srcgeoip_pcre2>^%w</srcgeoip_pcre2>",
    "<dstgeoip>%w</dstgeoip>",
    "<dstgeoip_pcre2>%w</dstgeoip_pcre2>",
    "<field name=\"alpha\">%w</field>",
    "<field name=\"alpha\">\\w+</field><field name=\"beta\">^%w</field>",
    "<time>8:00 - 18:00</time>",
    "<time>!6 pm - 8:30 am</time>",
    "<weekday>weekdays</weekday>",
    "<weekday>monday, weekends</weekday>",
    "<compiled_rule>comp_srcuser_dstuser</compiled_rule>",
    "<compiled_rule>check_id_size</compiled_rule>",
    "<compiled_rule>is_simple_http_request</compiled_rule>",
    "<compiled_rule>comp_mswin_targetuser_calleruser_diff</compiled_rule>",
    "<compiled_rule>is_valid_crawler</compiled_rule>",
    "<sensitive>card|ssn</sensitive>",
    "<sensitive>ssn, password</sensitive>",
    "<list field=\"user\" lookup=\"match_key\">rules/words</list>",
    "<list field=\"action\" lookup=\"not_match_key\">rules/words</list>",
    "<list field=\"status\" lookup=\"match_key_value\" check_value=\"^%w\">rules/words</list>",
    "<list field=\"srcip\" lookup=\"address_match_key\">rules/addresses</list>",
    "<list field=\"srcip\" lookup=\"not_address_match_key\">rules/addresses</list>",
    "<list field=\"dstip\" lookup=\"address_match_key_value\" check_value=\"%w|%w\">rules/addresses</list>",
    "<list field=\"srcip\" lookup=\"match_key\">rules/gone</list>",
    "<list field=\"user\" lookup=\"not_match_key\">rules/gone</list>",
    "<list field=\"user\">rules/undeclared</list>",
};

constexpr int kLogConditions = 17;  // of those, the first

constexpr const char* kMemoryTests[] = {
    "<if_fts></if_fts>",
    "<check_diff />",
    "<ignore>srcip</ignore>",
    "<ignore>user, srcip</ignore>",
    "<check_if_ignored>srcip</check_if_ignored>",
    "<check_if_ignored>user, srcip</check_if_ignored>",
    "<ignore>id, location, name</ignore><check_if_ignored>id, location, name</check_if_ignored>",
    "<options>no_log</options>",
    "<info type=\"link\">http://127.0.0.1/</info><cve>CVE-2026-0001</cve>",
    "<options>log_alert</options>",
    "<options>alert_by_email</options>",
    "<options>no_email_alert</options><options>no_ar</options>",
};

constexpr const char* kContext[] = {
    "<same_source_ip />",     "<same_user />",     "<same_id />",       "<same_src_port />",
    "<same_dst_port />",      "<same_location />", "<different_url />", "<different_srcip />",
    "<different_srcgeoip />", "<not_same_user />", "<not_same_id />",   "<not_same_source_ip />",
    "<not_same_agent />",
};

constexpr const char* kMessages[] = {
    "app: own %w %w",
    "app[12]: %w %w %w",
    "app: login user=%w src=%a id=%n url=/%w",
    "app: login user=%w src=%a id=12345678%n url=/%w?%w",
    "app: login user=%w src=%a id=%n url=/%%41%w%%2f%w",
    "app: net %a:%p %a:%p %w %w %w",
    "app: named %w %w %w",
    "app: part %n user %w",
    "app: part %n from %a",
    "fw: %w %a %w",
    "nids: %n %a %a",
    "other: login %w %w",
    "app%n: %w %w",
};

constexpr const char* kRoots[] = {"syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"};

std::string with_description(std::string_view head, const std::string& attributes, const std::string& body, int id) {
  return std::string(head) + attributes + ">" + body + "<description>r" + std::to_string(id) +
         "</description></rule>\n";
}

}  // namespace

int Grammar::below(int n) {
  if (choices_.empty()) return static_cast<int>(random_() % static_cast<uint32_t>(n));
  const int choice = static_cast<unsigned char>(choices_.front()) % n;
  choices_.remove_prefix(1);
  return choice;
}

std::string Grammar::word() {
  static const char* const kWords[] = {"one", "two",      "red",    "blue",        "fail",       "failure",
                                       "ok",  "password", "ok not", "gr\xc3\xbcn", "536-22-1234"};
  return kWords[below(11)];
}

std::string Grammar::filled(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'w':
        out += word();
        break;
      case 'a':
        out += "10.0.0." + std::to_string(below(5));
        break;
      case '%':
        out += '%';
        break;
      case 'p':
        out += one_in(2) ? "80" : "8080";
        break;
      default:
        out += std::to_string(below(4));
    }
  }
  return out;
}

std::string Grammar::parent(int id) {
  if (id <= 100 || one_in(4)) {
    return one_in(3) ? "<category>" + std::string(kRoots[below(7)]) + "</category>" : "";
  }
  if (one_in(8)) return "<if_group>g" + std::to_string(below(3)) + "</if_group>";
  if (one_in(12)) return "<if_level>" + std::to_string(1 + below(6)) + "</if_level>";
  std::string ids = std::to_string(100 + below(id - 100));
  if (one_in(5)) ids += ", " + std::to_string(100 + below(id - 100));
  return "<if_sid>" + ids + "</if_sid>";
}

std::string Grammar::condition() {
  // The log text is what most rules ask for.
  return one_in(2) ? filled(kConditions[below(kLogConditions)]) : one_of(kConditions);
}

std::string Grammar::memory_test() {
  return one_of(kMemoryTests);
}

std::string Grammar::composite(int id) {
  std::string out;
  switch (below(4)) {
    case 0:
      out = "<if_matched_group>g" + std::to_string(below(3)) + "</if_matched_group>";
      break;
    case 1:
      out = filled(one_in(2) ? "<if_matched_regex>%w</if_matched_regex>"
                             : "<if_matched_regex>^\\w+ %w|%w$</if_matched_regex>");
      break;
    default:
      out = "<if_matched_sid>" + std::to_string(id > 100 ? 100 + below(id - 100) : 1) + "</if_matched_sid>";
  }
  for (int n = below(3); n > 0; --n) out += one_of(kContext);
  return out;
}

std::string Grammar::attributes(int id) {
  std::string out = " id=\"" + std::to_string(id) + "\" level=\"" + std::to_string(below(13)) + "\"";
  if (one_in(12)) out += " noalert=\"1\"";
  if (one_in(12)) out += " accuracy=\"0\"";
  if (one_in(10)) out += " ignore=\"" + std::to_string(1 + below(20)) + "\"";
  if (one_in(15)) out += " maxsize=\"" + std::to_string(below(60)) + "\"";
  return out;
}

std::string Grammar::rule(int id) {
  std::string head = attributes(id);
  std::string body = one_in(3) ? "<group>g" + std::to_string(below(3)) + ",</group>" : "";
  if (id > 105 && one_in(4)) {
    head += " frequency=\"" + std::to_string(below(4)) + "\" timeframe=\"" + std::to_string(5 + below(60)) + "\"";
    body += one_in(2) ? parent(id) : "";
    body += composite(id);
    if (one_in(3)) body += condition();
  } else {
    body += parent(id);
    for (int n = below(3); n >= 0; --n) body += condition();
  }
  if (one_in(6)) body += memory_test();
  return with_description("  <rule", head, body, id);
}

std::string Grammar::overwriting_rule(int id) {
  std::string head = attributes(id) + " overwrite=\"yes\"";
  std::string body = condition();
  if (one_in(4)) {
    head += " frequency=\"" + std::to_string(below(3)) + "\" timeframe=\"30\"";
    body += composite(id);
  }
  if (one_in(4)) body += memory_test();
  return with_description("  <rule", head, body, id);
}

std::string Grammar::rule_file(int rules) {
  std::string out = "<group name=\"base,\">\n";
  for (int i = 0; i < 7; ++i) {
    out += "  <rule id=\"" + std::to_string(i + 1) + "\" level=\"0\" noalert=\"1\"><category>" + kRoots[i] +
           "</category><description>root</description></rule>\n";
  }
  out += "</group>\n<group name=\"g0,all,\">\n";
  // if_group and if_level need members from the start.
  out +=
      "  <rule id=\"100\" "
      "level=\"6\"><group>g1,g2,</group><match>login</match><description>r100</description></rule>\n";
  for (int id = 101; id < 100 + rules; ++id) {
    out += rule(id);
    if (one_in(20)) out += overwriting_rule(101 + below(id - 100));
  }
  return out + "</group>\n";
}

std::vector<NamedText> Grammar::lists() {
  NamedText words{"rules/words", {}};
  NamedText addresses{"rules/addresses", {}};
  for (int n = below(4); n >= 0; --n) words.text += filled("%w:%w\n");
  for (int n = below(4); n >= 0; --n) addresses.text += filled(one_in(3) ? "10.0.:%w\n" : "%a:%w\n");
  return {words, addresses};
}

std::string Grammar::line() {
  if (!lines_.empty() && one_in(3)) return lines_[static_cast<size_t>(below(static_cast<int>(lines_.size())))];
  std::string out;
  switch (below(12)) {
    case 0:
      out = filled("PLAIN %a %w");
      break;
    case 1:
      out = filled(one_in(2) ? "WEB %a GET /%w %n" : "WEB %a %w /%w?%w=%w %n");
      break;
    case 2:
      out = filled(one_in(2) ? "WIN %w %w" : "WIN %w %w Target Account Name: %w Caller User Name: %w Privileges:");
      break;
    default:
      out = "Mar  5 10:00:00 " + std::string(one_in(4) ? "h2 " : "h1 ") + one_of(kMessages);
  }
  if (one_in(10)) out += " \xff" + word();
  if (one_in(10)) out += " FAIL Two";
  if (lines_.size() < 32) lines_.push_back(out);
  return out;
}

int Grammar::pause() {
  if (one_in(50)) return below(250) * 360;
  if (one_in(80)) return -below(20);
  return one_in(3) ? below(10) : 0;
}

}  // namespace gander::engine::testing
