// URLs with their escapes undone.
#include "decode/url_text.h"

#include <gtest/gtest.h>

#include <string>

#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

using model::Compat;
using model::Event;
using model::Field;

std::string plain(const std::string& url) {
  Event event;
  event.set(Field::Url, event.keep(url));
  undo_url_escapes(event);
  return event.plain_url.data() ? std::string(event.plain_url) : "(none)";
}

struct Row {
  const char* url;
  const char* plain;
};

class UrlText : public ::testing::TestWithParam<Row> {};

TEST_P(UrlText, IsWhatTheRequestMeans) {
  EXPECT_EQ(plain(GetParam().url), GetParam().plain) << GetParam().url;
}

INSTANTIATE_TEST_SUITE_P(Rows, UrlText,
                         ::testing::Values(Row{"/a/b?c=d", "(none)"},                //
                                           Row{"/a+b?c=d+e", "(none)"},              // nothing but + costs nothing
                                           Row{"/a%20b", "/a b"},                    //
                                           Row{"/a%2520b", "/a b"},                  // twice
                                           Row{"/a%25252520b", "/a b"},              // four times
                                           Row{"/a%2525252520b", "/a%20b"},          // there is an end
                                           Row{"/x?q=a+b%2Bc", "/x?q=a b+c"},        // a plus that was escaped stays
                                           Row{"/a+b%2e", "/a+b."},                  // no + of a path
                                           Row{"/%2e%2e/%2E%2E/", "/../../"},        //
                                           Row{"/\\x22><script>", "/\"><script>"},   // as servers log odd bytes
                                           Row{"/%u002e%u002E/", "/../"},            //
                                           Row{"/%uff1cscript%uff1e", "/<script>"},  // full-width
                                           Row{"/%ef%bc%9cscript%ef%bc%9e", "/<script>"},
                                           Row{"/%c0%ae%c0%ae%c0%af", "/../"},  // overlong
                                           Row{"/%e0%80%ae%e0%80%af", "/./"},   //
                                           Row{"/%c1%9c", "/\\"},               //
                                           Row{"/a%00.jpg", "/a .jpg"},         // control characters
                                           Row{"/a%0d%0ab", "/a  b"},           //
                                           Row{"/%", "(none)"},                 // broken escapes stay
                                           Row{"/%4", "(none)"},                //
                                           Row{"/%zz%41", "/%zzA"},             //
                                           Row{"/%u12", "(none)"},              //
                                           Row{"/\\x4", "(none)"},              //
                                           Row{"/b%C3%A4r", "/b\xC3\xA4r"},     // other letters stay what they are
                                           Row{"", "(none)"}));

TEST(UrlTextLimits, ALongUrlIsUndoneUpToItsLimit) {
  std::string url = "/%41";
  url.append(UrlLimits::kText * 2, 'b');
  const std::string undone = plain(url);
  EXPECT_EQ(undone.substr(0, 3), "/Ab");
  EXPECT_EQ(undone.size(), UrlLimits::kText - 2);
}

TEST(UrlTextLimits, EveryEscapeThatIsCutOffStays) {
  const std::string url = "/%u0041%41\\x41%c0%ae%e0%80%ae";
  for (size_t n = 0; n <= url.size(); ++n) EXPECT_LE(plain(url.substr(0, n)).size(), std::max<size_t>(n, 6));
}

constexpr const char* kDecoder =
    R"(<decoder name="w"><prematch>^GET </prematch><regex offset="after_prematch">^(\S+)</regex><order>url</order></decoder>)";

TEST(UrlTextLimits, OnlyWhereOssecIsMended) {
  testing::Decoders mended(kDecoder);
  mended.decode("GET /%41");
  EXPECT_EQ(mended.event.field(Field::Url), "/%41");
  EXPECT_EQ(mended.event.plain_url, "/A");
  mended.decode("GET /A");
  EXPECT_EQ(mended.event.plain_url.data(), nullptr);
  testing::Decoders exact(kDecoder, Compat::Ossec43);
  exact.decode("GET /%41");
  EXPECT_EQ(exact.event.plain_url.data(), nullptr);
}

}  // namespace
}  // namespace gander::decode
