#include "sensitive/detector.h"

#include <gtest/gtest.h>

#include <random>

#include "sensitive/testing/made_secrets.h"

namespace gander::sensitive {
namespace {

using testing::kMadeTokens;

// "card 4111********1111", …
std::vector<std::string> found(std::string_view text) {
  std::vector<std::string> out;
  for (const Finding& f : Detector().scan(text)) out.push_back(std::string(word_of(f.kind)) + " " + f.masked);
  return out;
}

using Words = std::vector<std::string>;

struct Case {
  std::string_view text;
  std::string_view masked;  // empty: nothing is found
};

void expect_all(std::string_view kind, std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    const Words wanted = c.masked.empty() ? Words{} : Words{std::string(kind) + " " + std::string(c.masked)};
    EXPECT_EQ(found(c.text), wanted) << c.text;
  }
}

TEST(Detector, FindsPaymentCardsOfEachIssuer) {
  expect_all("card", {
                         {"4111111111111111", "4111********1111"},
                         {"card 4111 1111 1111 1111 exp 12/27", "4111********1111"},
                         {"4111-1111-1111-1111", "4111********1111"},
                         {"4111 1111 1111 1111 12/27", "4111********1111"},
                         {"pan=5555555555554444;", "5555********4444"},
                         {"2223003122003222", "2223********3222"},
                         {"378282246310005", "3782*******0005"},
                         {"3782 822463 10005", "3782*******0005"},
                         {"6011111111111117", "6011********1117"},
                         {"30569309025904", "3056******5904"},
                         {"3530111333300000", "3530********0000"},
                         {"6200000000000005", "6200********0005"},
                         {"\"number\":\"4242424242424242\"", "4242********4242"},
                         {"GET /pay?c=4111+1111+1111+1111&x=1", "4111********1111"},
                         {"x=%204111111111111111", "4111********1111"},
                         {"visa 4222222222222", "4222*****2222"},
                     });
}

TEST(Detector, TakesNoOtherNumberForACard) {
  expect_all("card", {
                         {"4111111111111112", ""},                          // checksum
                         {"1111111111111117", ""},                          // no issuer
                         {"4222222222222", ""},                             // thirteen digits, nothing says card
                         {"0.4111111111111111", ""},                        // a fraction
                         {"id4111111111111111", ""},                        // part of a word
                         {"4111111111111111abc", ""},                       //
                         {"94111111111111111111", ""},                      // longer
                         {"550e8400-e29b-41d4-a716-4111111111111111", ""},  // UUID-like
                         {"4111-1111 1111-1111", ""},                       // mixed separators
                         {"41111 111 1111 1111", ""},                       // odd groups
                         {"1234 4111 1111 1111 1111 5678", ""},             // a table of numbers
                         {"4444444444444444", ""},                          // one digit
                         {"+4111111111111111", ""},                         // telephone
                     });
}

TEST(Detector, FindsSocialSecurityNumbers) {
  expect_all("ssn", {
                        {"SSN: 536-22-1234", "*****1234"},
                        {"his number is 536-22-1234.", "*****1234"},
                        {"ssn=536221234", "*****1234"},
                        {"social security number 536 22 1234", "*****1234"},
                        {"\"ssn\": \"536221234\"", "*****1234"},
                    });
  expect_all("ssn", {
                        {"536221234", ""},         // no word
                        {"536 22 1234", ""},       //
                        {"000-22-1234", ""},       // area
                        {"666-22-1234", ""},       //
                        {"900-22-1234", ""},       //
                        {"536-00-1234", ""},       // group
                        {"536-22-0000", ""},       // serial
                        {"078-05-1120", ""},       // printed in advertisements
                        {"1536-22-1234", ""},      // longer
                        {"536-22-12345", ""},      //
                        {"536-22-1234-1", ""},     //
                        {"2024-536-22-1234", ""},  //
                        {"lessn 536221234", ""},   // another word
                    });
}

TEST(Detector, FindsIbans) {
  expect_all("iban", {
                         {"DE89370400440532013000", "DE89**************3000"},
                         {"IBAN: DE89 3704 0044 0532 0130 00.", "DE89**************3000"},
                         {"GB29NWBK60161331926819", "GB29**************6819"},
                         {"to=NO9386011117947&x", "NO93*******7947"},
                         {"FR1420041010050500013M02606", "FR14*******************2606"},
                     });
  expect_all("iban", {
                         {"DE89370400440532013001", ""},  // checksum
                         {"DE8937040044053201300", ""},   // length
                         {"DE893704004405320130000", ""},
                         {"XX89370400440532013000", ""},   // country
                         {"ADE89370400440532013000", ""},  // part of a word
                         {"DE00000000000000000000", ""},
                         {"DE89  3704 0044 0532 0130 00", ""},
                     });
}

TEST(Detector, FindsTokensOfEachService) {
  for (const auto& token : kMadeTokens) {
    for (const std::string& text : {std::string(token.text), "x=\"" + std::string(token.text) + "\"",
                                    "Authorization: Bearer " + std::string(token.text) + "\n"}) {
      const std::vector<Finding> findings = Detector().scan(text);
      ASSERT_EQ(findings.size(), 1U) << text;
      EXPECT_EQ(findings[0].what, token.what);
      EXPECT_EQ(findings[0].kind, Kind::Token);
      EXPECT_EQ(text.find(token.text), findings[0].offset);
      EXPECT_LT(findings[0].masked.size(), 32U);
    }
  }
}

// One letter changed breaks a checksum; one left out, the length; a word in front, the start.
TEST(Detector, TakesNoOtherTextForAToken) {
  for (const auto& token : kMadeTokens) {
    const bool summed = token.what.starts_with("GitHub") || token.what == "npm token";
    std::string changed(token.text);
    changed[changed.size() - 8] = changed[changed.size() - 8] == 'a' ? 'b' : 'a';
    if (summed && !token.what.ends_with("fine-grained token")) {
      EXPECT_EQ(found(changed), Words{}) << changed;
    }
    if (token.what != "PyPI token" && token.what != "JSON web token" && token.what != "Google OAuth access token" &&
        token.what != "GitLab token" && token.what != "Slack bot token") {
      EXPECT_EQ(found(token.text.substr(0, token.text.size() - 1)), Words{}) << token.text;
    }
    EXPECT_EQ(found("Z" + std::string(token.text)), Words{}) << token.text;
  }
  expect_all("token", {
                          {"AKIAIOSFODNN7EXAMPLE", ""},
                          {"AIzaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", ""},
                          {"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ""},
                          {"SG.your_api_key_goes_here.abc", ""},
                          {"sk_test_4eC39HqLyjWDarjtT1zdp7dc", ""},
                          {"xoxb-your-token-here-please-insert", ""},
                          {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."
                           "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
                           ""},
                          {"AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/"
                           "KBHBeksoGMGw==",
                           ""},
                      });
}

std::string what_of(const std::string& text) {
  const std::vector<Finding> findings = Detector().scan(text);
  if (findings.size() != 1) return std::to_string(findings.size()) + " findings";
  EXPECT_EQ(findings[0].kind, Kind::Key);
  EXPECT_EQ(findings[0].masked, "****");
  return std::string(findings[0].what);
}

std::string pem(const std::string& label, std::string_view body, const std::string& headers = {}) {
  return "-----BEGIN " + label + "-----\n" + headers + std::string(body) + "-----END " + label + "-----\n";
}

TEST(Detector, FindsPrivateKeysAndWhetherTheyAreEncrypted) {
  using namespace testing;
  EXPECT_EQ(what_of(pem("RSA PRIVATE KEY", kDerBody)), "RSA private key");
  EXPECT_EQ(what_of(pem("EC PRIVATE KEY", kDerBody)), "EC private key");
  EXPECT_EQ(what_of(pem("DSA PRIVATE KEY", kDerBody)), "DSA private key");
  EXPECT_EQ(what_of(pem("PRIVATE KEY", kDerBody)), "PKCS #8 private key");
  EXPECT_EQ(what_of(pem("ENCRYPTED PRIVATE KEY", kDerBody)), "PKCS #8 private key, encrypted");
  EXPECT_EQ(what_of(pem("RSA PRIVATE KEY", kDerBody, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n")),
            "RSA private key, encrypted");
  EXPECT_EQ(what_of(pem("OPENSSH PRIVATE KEY", kOpensshBody)), "OpenSSH private key");
  EXPECT_EQ(what_of(pem("OPENSSH PRIVATE KEY", kOpensshLockedBody)), "OpenSSH private key, encrypted");
  EXPECT_EQ(what_of(pem("PGP PRIVATE KEY BLOCK", kPgpBody, "Version: x\n\n")), "PGP private key");
  EXPECT_EQ(what_of(pem("PGP PRIVATE KEY BLOCK", kPgpOpenBody, "\n")), "PGP private key");
  EXPECT_EQ(what_of(pem("PGP PRIVATE KEY BLOCK", kPgpLockedBody, "Comment: x\n\n")), "PGP private key, encrypted");
  EXPECT_EQ(what_of(std::string(kAgeKey)), "age private key");
  EXPECT_EQ(what_of("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: x\nPrivate-Lines: 4\n" +
                    std::string(kDerBody)),
            "PuTTY private key");
}

TEST(Detector, FindsAKeyInOneEscapedLineAndMasksAllOfIt) {
  std::string escaped;
  for (const char c : pem("RSA PRIVATE KEY", testing::kDerBody)) escaped += c == '\n' ? "\\n" : std::string(1, c);
  const std::string line = "config {\"key\":\"" + escaped + "\"} loaded";
  EXPECT_EQ(masked_text(line, Detector()), "config {\"key\":\"****\\n\"} loaded");
}

TEST(Detector, TakesNoOtherBlockForAPrivateKey) {
  using namespace testing;
  EXPECT_EQ(found(pem("CERTIFICATE", kDerBody)), Words{});
  EXPECT_EQ(found(pem("PUBLIC KEY", kDerBody)), Words{});
  EXPECT_EQ(found("-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n"), Words{});
  EXPECT_EQ(found("if (line == \"-----BEGIN PRIVATE KEY-----\") return parse(line);"), Words{});
  EXPECT_EQ(found(pem("OPENSSH PRIVATE KEY", kDerBody)), Words{});
  std::string age(kAgeKey);
  age[40] = age[40] == 'Q' ? 'P' : 'Q';
  EXPECT_EQ(found(age), Words{});
}

TEST(Detector, FindsPasswordsInUrlsAndConfigurations) {
  for (const std::string_view text : {
           "postgres://app:Tr0ub4dor@db1/app",
           "redis://:q8Zkw2@cache:6379/0",
           "DB_PASSWORD=Tr0ub4dor&3",
           "password = \"correct4horse\"",
           "  password: q8Zkw2vv",
           "\"dbPassword\": \"q8Zkw2vv\"",
           "'password' => 'q8Zkw2vv',",
           "$cfg['password'] = 'q8Zkw2vv';",
           "<password>q8Zkw2vv</password>",
           "Server=x;Uid=app;Pwd=q8Zkw2vv;Database=y",
           "GET /login?user=x&password=q8Zkw2vv HTTP/1.1",
           "{\\\"password\\\": \\\"q8Zkw2vv\\\"}",
           "api_key = 9fQ2xLr7Vb3TzN8mKc5WpH6s",
           "client_secret: \"9fQ2xLr7Vb3TzN8mKc5WpH6s\"",
       }) {
    EXPECT_EQ(found(text), Words{"password ****"}) << text;
  }
  EXPECT_EQ(found("aws_secret_access_key = q7Rk2vXz9Lm4Tn8Bw3Yp6Hc1Jd5Fg0SaQeUiOxKl"), Words{"token ****"});
}

TEST(Detector, TakesNoPlaceholderCodeOrProseForAPassword) {
  for (const std::string_view text : {
           "password=changeme",
           "password=${DB_PASSWORD}",
           "password: xxxxxxxx",
           "password=********",
           "password=$PASS1234",
           "password: <your password 1>",
           "password=%(pw1)s",
           "password={{ vault_pw1 }}",
           "PASSWORD=password123",
           "password = getpass1()",
           "password: string",
           "pass: UInt32",
           "password = args.pw2",
           "\"password\": \"Passwort\"",
           "password: required field 1",
           "compass=N23E45x",
           "password = other2;",
           "https://user:password@host/",
           "https://user:${PW1}@host/",
           "http://host:8080/a@b1",
           "https://a@b/",
           "password=$6$saltsalt$hashhash12",
           "if (password == \"x9Kq2mmm\")",
           "password_file=/etc/pw1",
           "Failed password for root from 192.0.2.7",
           "secret_key = 'change-this-2-something-long'",
           "token_type: bearer1234",
           "oid_password = '1.3.6.1.4.1.4203.1.11.1'",
       }) {
    EXPECT_EQ(found(text), Words{}) << text;
  }
}

TEST(Detector, LooksOnlyForTheKindsAskedFor) {
  const std::string text = "4111111111111111 DE89370400440532013000 536-22-1234 x://a:q8Zkw2@h/ " +
                           std::string(kMadeTokens[0].text) + " " + std::string(testing::kAgeKey);
  for (size_t i = 0; i < kKindCount; ++i) {
    KindSet one;
    one.add(static_cast<Kind>(i));
    const std::vector<Finding> findings = Detector(one).scan(text);
    ASSERT_EQ(findings.size(), 1U) << word_of(static_cast<Kind>(i));
    EXPECT_EQ(findings[0].kind, static_cast<Kind>(i));
    EXPECT_TRUE(Detector(one).any(text));
    EXPECT_FALSE(Detector(one).any("nothing"));
  }
}

TEST(Detector, CountsLinesAndMasksInPlace) {
  const std::string text = "a\n\nb 4111111111111111 c\nDE89370400440532013000\n";
  const std::vector<Finding> findings = Detector().scan(text);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].line, 3U);
  EXPECT_EQ(findings[0].offset, 5U);
  EXPECT_EQ(findings[0].length, 16U);
  EXPECT_EQ(findings[1].line, 4U);
  EXPECT_EQ(masked_text(text, findings), "a\n\nb 4111********1111 c\nDE89**************3000\n");
}

TEST(Kinds, AreReadAndWritten) {
  std::string wrong;
  const auto two = parse_kinds("card, iban", wrong);
  ASSERT_TRUE(two);
  EXPECT_EQ(words_of(*two), "card|iban");
  EXPECT_EQ(parse_kinds(words_of(KindSet::all()), wrong), KindSet::all());
  EXPECT_FALSE(parse_kinds("card|visa", wrong));
  EXPECT_EQ(wrong, "visa");
  EXPECT_FALSE(parse_kinds(" ", wrong));
  EXPECT_EQ(wrong, "");
}

// The fast prefilter and the plain one, on texts put together from pieces that matter.
TEST(Detector, FastAndSlowFindTheSame) {
  std::mt19937 random(11);
  const std::string_view pieces[] = {"4111111111111111",
                                     "4111 1111 1111 1111",
                                     "536-22-1234",
                                     "ssn ",
                                     "DE89370400440532013000",
                                     "password=",
                                     "q8Zkw2vv",
                                     "\n",
                                     " ",
                                     "://a:b3b3b3@c",
                                     "-----BEGIN",
                                     " RSA PRIVATE KEY-----\n",
                                     "eyJ",
                                     "SK",
                                     "8Q~",
                                     "%20",
                                     "1",
                                     "Pwd: ",
                                     "\"",
                                     testing::kDerBody,
                                     testing::kAgeKey,
                                     kMadeTokens[2].text,
                                     kMadeTokens[14].text,
                                     kMadeTokens[15].text};
  size_t total = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const size_t count = random() % 24;
    for (size_t i = 0; i < count; ++i) {
      if (random() % 3 == 0) text += std::string(random() % 5, static_cast<char>(random() % 256));
      text += pieces[random() % std::size(pieces)];
    }
    const std::vector<Finding> fast = Detector().scan(text);
    const std::vector<Finding> slow = Detector().scan_slow(text);
    ASSERT_EQ(fast.size(), slow.size()) << text;
    for (size_t i = 0; i < fast.size(); ++i) {
      ASSERT_EQ(fast[i].offset, slow[i].offset);
      ASSERT_EQ(fast[i].masked, slow[i].masked);
    }
    ASSERT_EQ(Detector().any(text), !fast.empty());
    total += fast.size();
  }
  EXPECT_GT(total, 3000U);
}

}  // namespace
}  // namespace gander::sensitive
