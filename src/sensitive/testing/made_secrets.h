// Made with a generator: no token belongs to anyone.
#pragma once

#include <string_view>

namespace gander::sensitive::testing {

struct MadeToken {
  std::string_view what;
  std::string_view text;
};
constexpr MadeToken kMadeTokens[] = {
    {"AWS access key id", "AKIAGXDNCF32EPF3DHOD"},
    {"Google API key", "AIzao6S5HbrIFdNDOlC87Q_sexwkcVNVAc_hva9"},
    {"GitHub token", "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"},
    {"GitHub server token", "ghs_r5yHUig43kiJfahqSIjOugM1yTMAd71wMiZu"},
    {"GitHub fine-grained token",
     "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"},
    {"GitLab token", "glpat-UeP3C4DSA7Lc360a9Y6y"},
    {"Slack bot token", "xoxb-590139624595-7117777412154-UriAX1DyyXN9iYw1mXJft5is"},
    {"Slack webhook", "hooks.slack.com/services/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"},
    {"Stripe secret key", "sk_live_6EUCLDUdvdr0UwfMpf5rg7wO"},
    {"npm token", "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"},
    {"PyPI token",
     "pypi-AgEIcHlwaS5vcmcIyiJG21DHtOR3WRbUfXrG7jwrGJ2uN0JMIyF7fzD7VOZ5Cv38ufPZvzVXPvHrFoue9Us9RcFJkIWHxSCo-"
     "KSKtphrPjeBk2hwu2ngb8ETDAXY5NYGsXpJ_fBZ7Ns9Y2BXAS8XFw1hrYG"},
    {"SendGrid API key", "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"},
    {"Twilio API key", "SKb14028d512c9791e558e08baa7196b50"},
    {"Azure storage account key",
     "AccountKey=jV7YVQxIsmEK2nkVsj6CefrhZ0dKJLWAnsnwp8xtczNZr4g/zFo2ge+Jt8YrcEQBlA5CFwaPoENn0CnRIRT6Fg=="},
    {"JSON web token",
     "eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAiNDcxMSJ9.nFjUJChdRmankjiWga-qCtPI22Q_LcIFp5q1TK344k0"},
    {"Azure client secret", "eE58Q~bzXsm9gvjoucOmKkV9Ikdf92qrjvWeRkip"},
    {"Hugging Face token", "hf_W8wXmWarqp1qhbpvjhzifE5128eNz6OrSZ"},
    {"DigitalOcean token", "dop_v1_107f80e222f828767efc2f91624a8940f1f836f99eee3692f09e2e8c662248b4"},
    {"Google OAuth client secret", "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"},
};
constexpr std::string_view kDerBody =
    "MIIBOxV+SGCnfepQROrzHolhGddrrNFUhB9yAOSMFVMhGzDA9giZVhj3z9aqVvRl\n"
    "lAe7HvsKnPDBeSjtRBccMmG2iLYFMAAD8RDN5m2Zar0tfjJKBoTSQPzwSV8ZW6IQ\n"
    "wg2VZGmY4WOe3bD/53q23g9I1Jb5/o4TLnJXXJkH6Oxt3ZRtmLJywRKTcEYpebDa\n"
    "WUxbDHnf10dAqAkaLM42DWBTrdX7Znep9ZkeSbH3jKKj0YLv30AfJpi+0z9V/JX4\n"
    "U8AGRDZ5rW9veM6CekDLUHHymTD7XO/FgNGTXzgc/8grP8f0fN6AbRxLX+IKSW0H\n"
    "V8Lcz6PY+8InY4KhWCFpZskl1ulymi/gVqvR8Dz43I1RN5qMh14UNKXoNbgLsKAU\n"
    "EnaqDM2V9+6Oc3u7YNMvaQ==\n";
constexpr std::string_view kOpensshBody =
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmWglmtzPwJrncXZrsBFfXkjxVf9pG0qlt7O\n"
    "8kRJA6ZOfAHAiQw/n3LpukJB7Rjk04yMeZcgaBy3K3AO4XhxszRq5Un6VzGCIEj8\n"
    "xjpMxlt4Qe47Mb0SaR69yIvu+bIRH6d5cJpCmVT9Z11P76esJhk9cpsDTSTRsXuI\n"
    "oqyO/nQ7q2lJ9WQocqce6UzWKtAVqaTIWWIpU2E+EzUiNzWioieADP3s53Ld08/I\n"
    "W0B/7yHmjD2TUzg95fZzkJ0A6DSgNFUz/hj/TxFewg==\n";
constexpr std::string_view kOpensshLockedBody =
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHKVmzBzephrbVKRvCNZqDuMdZdB\n"
    "MWdlfD7jEDkXTNG4LNhgilejw02OefVRF3rXvFFCZjc9KkJJXqq4I0JjHTLP8nfS\n"
    "kVeRvzNt6SLjfxMkBYyP6b9DqODeAw+sadOpAWISRvRp+2fvvjHiL4Yp4sI1Mkd6\n"
    "YE1wLkV6epRW11iKwOwh4w9ffYZ/rU8LR24QBJO2OLr3bXoyXPZDOSB3Ds+vPove\n"
    "gMtVe4eUOi+hUuFRyiF75NwW9z/ZXlxJN0yDtBfAn2FFwQmU5Q==\n";
constexpr std::string_view kPgpBody =
    "lQHYBISomj/4knJixHtWZgWbUqWKxiNyTtmMbnOlNfQCSOBPQVVD2beEeNCDyHXf\n"
    "vX7R97lflQXKQpMgBxxBCCrm2WxhkKK15jyBw+ZdTOWrR+PNGRwoef1H4ffWMlGW\n"
    "NSFlffm1CwABKrkS4rk6ZEMcJO5OjUTttvCb7XrQWdP47CGHC5r/2mnF2Hdcy+T4\n"
    "LmrucrJrmz9jtnnIXnDqG+n7SjmYV4UnvfHtJprAuYXDns34vXicrvA94BtnhgXx\n"
    "DRxN09Kkw7i2+nSz\n";
// Of GnuPG: Ed25519 with a subkey, made for this test and used for nothing.
constexpr std::string_view kPgpOpenBody =
    "lFgEawZT7xYJKwYBBAHaRw8BAQdAoSPv+iU/fcLjl/KWyzmDI2Bvwg0f/CGIpAI3\n"
    "HWmE2VIAAP9qEwJIURF4u48hqNsBzsVrxRMuZj2Y802y5K4xMTASXQ5TtAFhiJAE\n"
    "ExYIADgWIQTJuHHKAboFbSz6rkYQQZry266nZAUCawZT7wIbAwULCQgHAgYVCgkI\n"
    "CwIEFgIDAQIeAQIXgAAKCRAQQZry266nZGT3AP9g1wmOO45C6OceHNeTq89BTJOC\n"
    "XhfT1ERfLhPxtM9EYwD/daAEcZIKTpCKQ2DAHgiPel3Jmda/AdDmnCwyv0zuZQSc\n"
    "XQRrBlPvEgorBgEEAZdVAQUBAQdAP7ajLlU0v2L0xIo+eniuHaZ2ePffQxwvWt9m\n"
    "/RXnaioDAQgHAAD/TavhO0TFAMb5n6zSr1oTqM6N3tTlYiojxeOze8pGoVATNIh4\n"
    "BBgWCAAgFiEEybhxygG6BW0s+q5GEEGa8tuup2QFAmsGU+8CGwwACgkQEEGa8tuu\n"
    "p2TMAgEAvdKfOBW+wG4MHHlno46X7MjEwFM+USvddVwpExKV3tcBAIrVOn3KamPY\n"
    "gz3g6kmT2hh3eg929r/qJw/PtR+wdkEE\n"
    "=OEmz\n";
// Likewise, with a passphrase.
constexpr std::string_view kPgpLockedBody =
    "lIYEawZT7xYJKwYBBAHaRw8BAQdAWlF8WnZzauRZGked6iyVS7/ngpBN3kf79l6c\n"
    "vc2SwqP+BwMCUiSR6Ve7vWb/YTusCljv/bdz7BYoIsxwZODnLkLVJDWYe9O8h2LZ\n"
    "X7txUmWCCfuAO0YJiriA6IhhAlpq+FKVUvprW+dpcIDsSnE/Z/+VArQBYoiQBBMW\n"
    "CAA4FiEEspX/wr7hc+sxoOUqbdWMh31lGwIFAmsGU+8CGwMFCwkIBwIGFQoJCAsC\n"
    "BBYCAwECHgECF4AACgkQbdWMh31lGwIXLAEA/r8r2jIWS+OiRVNQSlqYf1fNeSG5\n"
    "23TFLqRJNHbOtlIA/38YYqwfT9bh7Q95nHc/dA2ne7TnLYxUuGB5nxcWiGoDnIsE\n"
    "awZT8xIKKwYBBAGXVQEFAQEHQDs0SBd3E04wuntMZ0HATYyuEKnDNAlyCqh+w/eI\n"
    "KJZRAwEIB/4HAwIw4jkX2HXs8v9Dc1Wlku8S3eFh4sHJbXEa+ug/CF0EJvd6x7pQ\n"
    "FTYkW4GMH9MSHBo67ANRpxjGx4hWihaTLD/Lqx+P2ouQcABMvQ7VkajjiHgEGBYI\n"
    "ACAWIQSylf/CvuFz6zGg5Spt1YyHfWUbAgUCawZT8wIbDAAKCRBt1YyHfWUbAtIk\n"
    "AQCZr/xaPTuSwgJ3xmLLOjjLZIDgxEwqqDex2NRaHZwV2QD9FqqBrFEbY32UIg3l\n"
    "AoitY+UFpKMvYpzVuDu/n741LwU=\n"
    "=cieS\n";
// The first one without its primary key, as --export-secret-subkeys gives it.
constexpr std::string_view kPgpStubBody =
    "lDsEawZT7xYJKwYBBAHaRw8BAQdAoSPv+iU/fcLjl/KWyzmDI2Bvwg0f/CGIpAI3\n"
    "HWmE2VL/AGUAR05VAbQBYYiQBBMWCAA4FiEEybhxygG6BW0s+q5GEEGa8tuup2QF\n"
    "AmsGU+8CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQEEGa8tuup2Rk9wD/\n"
    "YNcJjjuOQujnHhzXk6vPQUyTgl4X09REXy4T8bTPRGMA/3WgBHGSCk6QikNgwB4I\n"
    "j3pdyZnWvwHQ5pwsMr9M7mUEnF0EawZT7xIKKwYBBAGXVQEFAQEHQD+2oy5VNL9i\n"
    "9MSKPnp4rh2mdnj330McL1rfZv0V52oqAwEIBwAA/02r4TtExQDG+Z+s0q9aE6jO\n"
    "jd7U5WIqI8Xjs3vKRqFQEzSIeAQYFggAIBYhBMm4ccoBugVtLPquRhBBmvLbrqdk\n"
    "BQJrBlPvAhsMAAoJEBBBmvLbrqdkzAIBAL3SnzgVvsBuDBx5Z6OOl+zIxMBTPlEr\n"
    "3XVcKRMSld7XAQCK1Tp9ympj2IM94OpJk9oYd3oPdva/6icPz7UfsHZBBA==\n"
    "=OJG0\n";
// The same of the second.
constexpr std::string_view kPgpLockedStubBody =
    "lDsEawZT7xYJKwYBBAHaRw8BAQdAWlF8WnZzauRZGked6iyVS7/ngpBN3kf79l6c\n"
    "vc2SwqP/AGUAR05VAbQBYoiQBBMWCAA4FiEEspX/wr7hc+sxoOUqbdWMh31lGwIF\n"
    "AmsGU+8CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQbdWMh31lGwIXLAEA\n"
    "/r8r2jIWS+OiRVNQSlqYf1fNeSG523TFLqRJNHbOtlIA/38YYqwfT9bh7Q95nHc/\n"
    "dA2ne7TnLYxUuGB5nxcWiGoDnIsEawZT8xIKKwYBBAGXVQEFAQEHQDs0SBd3E04w\n"
    "untMZ0HATYyuEKnDNAlyCqh+w/eIKJZRAwEIB/4HAwIIP8uFPULji//Qk7dLkEUs\n"
    "Q76fujozNhXRcHAtgghrx0GdyCeAh61bbgGsam62QzHRX2izxa54oIe7GL16f3dE\n"
    "uiaxhiXcS1LZ4UYXqfsriHgEGBYIACAWIQSylf/CvuFz6zGg5Spt1YyHfWUbAgUC\n"
    "awZT8wIbDAAKCRBt1YyHfWUbAtIkAQCZr/xaPTuSwgJ3xmLLOjjLZIDgxEwqqDex\n"
    "2NRaHZwV2QD9FqqBrFEbY32UIg3lAoitY+UFpKMvYpzVuDu/n741LwU=\n"
    "=x95M\n";
constexpr std::string_view kAgeKey = "AGE-SECRET-KEY-18Z6WV5HYFKNLYDCDNCNQUFCNV4G2FGAX6PL4CRPN9793YFQG8LFQ5TGD44";
}  // namespace gander::sensitive::testing
