#include "collect/log_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>

namespace gander::collect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LogReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const ::testing::TestInfo* const info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("gander_log_reader_" + std::string(info->name()) + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view content, const std::string& name = "a.log") {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::filesystem::path folder_;
};

struct Read {
  std::vector<std::string> lines;
  std::vector<uint64_t> numbers;
  ReadCounters counters;
  std::string code;  // of the error at the end
  std::string message;
  uint64_t position = 0;
  uint64_t size = 0;
};

Read read_all(LogReader& reader) {
  Read r;
  Block block;
  for (;;) {
    const Result<bool> more = reader.next(block);
    if (!more) {
      r.code = more.error().code;
      r.message = more.error().message;
      EXPECT_FALSE(*reader.next(block));
      break;
    }
    if (!*more) break;
    EXPECT_FALSE(block.empty());
    for (size_t i = 0; i < block.size(); ++i) {
      r.lines.emplace_back(block.line(i));
      r.numbers.push_back(block.number(i));
    }
  }
  EXPECT_TRUE(block.empty());
  r.counters = reader.counters();
  r.position = reader.position();
  r.size = reader.size();
  return r;
}

Read read_all(const std::string& path, const ReadOptions& options = {}) {
  Result<LogReader> reader = LogReader::open(path, options);
  EXPECT_TRUE(reader.has_value()) << (reader ? "" : reader.error().message);
  return reader ? read_all(*reader) : Read{};
}

std::string gzipped(std::string_view text) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string zstandard(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()) + 8, '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t n = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  EXPECT_FALSE(ZSTD_isError(n));
  out.resize(n);
  return out;
}

std::string many_lines(int count) {
  std::mt19937 random(3);
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "line " + std::to_string(i) + ' ';
    for (uint32_t k = random() % 60; k > 0; --k) text += static_cast<char>('a' + random() % 26);
    text += '\n';
  }
  return text;
}

TEST_F(LogReaderTest, PlainFile) {
  const Read r = read_all(file("first line\n\nthird line\nno newline at the end"));
  EXPECT_THAT(r.lines, ElementsAre("first line", "third line", "no newline at the end"));
  EXPECT_THAT(r.numbers, ElementsAre(1, 3, 4));
  EXPECT_EQ(r.counters, (ReadCounters{.lines = 4, .events = 3, .skipped = 1, .bytes = 44}));
  EXPECT_EQ(r.size, 44U);
  EXPECT_EQ(r.position, 44U);
}

TEST_F(LogReaderTest, EmptyFile) {
  const Read r = read_all(file(""));
  EXPECT_THAT(r.lines, IsEmpty());
  EXPECT_EQ(r.code, "");
}

TEST_F(LogReaderTest, CompressionIsSeenInTheBytesNotTheName) {
  const std::string text = many_lines(3000);
  const Read plain = read_all(file(text));
  ASSERT_EQ(plain.lines.size(), 3000U);
  for (const std::string& bytes : {gzipped(text), zstandard(text)}) {
    const Read r = read_all(file(bytes, "messages"));
    EXPECT_EQ(r.lines, plain.lines);
    EXPECT_EQ(r.counters, plain.counters);
    EXPECT_EQ(r.size, bytes.size());
    EXPECT_EQ(r.position, bytes.size());
  }
  EXPECT_THAT(read_all(file("plain text\n", "plain.gz")).lines, ElementsAre("plain text"));
}

TEST_F(LogReaderTest, SeveralMembersAndFrames) {
  EXPECT_THAT(read_all(file(gzipped("one\ntw") + gzipped("") + gzipped("o\nthree\n"))).lines,
              ElementsAre("one", "two", "three"));
  EXPECT_THAT(read_all(file(gzipped("one\n") + std::string(600, '\0'))).lines, ElementsAre("one"));
  EXPECT_THAT(read_all(file(zstandard("one\ntw") + zstandard("") + zstandard("o\nthree\n"))).lines,
              ElementsAre("one", "two", "three"));
  const std::string skippable("\x50\x2a\x4d\x18\x02\x00\x00\x00zz", 10);
  const Read r = read_all(file(skippable + zstandard("one\n") + skippable));
  EXPECT_THAT(r.lines, ElementsAre("one"));
  EXPECT_EQ(r.code, "");
}

TEST_F(LogReaderTest, WhatCameBeforeACutIsDeliveredThenAnError) {
  const std::string text = many_lines(20000);
  const std::vector<std::string> lines = read_all(file(text)).lines;
  for (const std::string& bytes : {gzipped(text), zstandard(text)}) {
    const std::string path = file(bytes.substr(0, bytes.size() * 2 / 3), "cut");
    const Read r = read_all(path);
    EXPECT_EQ(r.code, "I014");
    EXPECT_THAT(r.message, HasSubstr(path));
    ASSERT_GT(r.lines.size(), 5000U);
    ASSERT_LT(r.lines.size(), lines.size());
    for (size_t i = 0; i + 1 < r.lines.size(); ++i) ASSERT_EQ(r.lines[i], lines[i]);
    EXPECT_TRUE(lines[r.lines.size() - 1].starts_with(r.lines.back()));
  }
  EXPECT_EQ(read_all(file("\x1f\x8b")).code, "I014");
}

TEST_F(LogReaderTest, DamagedDataAreAnError) {
  const std::string text = many_lines(20000);
  for (std::string bytes : {gzipped(text), zstandard(text)}) {
    for (size_t i = bytes.size() / 2; i < bytes.size() / 2 + 400; ++i) bytes[i] = static_cast<char>(0xff);
    const Read r = read_all(file(bytes, "damaged"));
    EXPECT_EQ(r.code, "I013");
    EXPECT_FALSE(r.lines.empty());
  }
  const Read behind = read_all(file(gzipped("one\n") + "something else"));
  EXPECT_THAT(behind.lines, ElementsAre("one"));
  EXPECT_EQ(behind.code, "I013");
}

TEST_F(LogReaderTest, RandomBytesBehindAMagicNeverHarm) {
  std::mt19937 random(11);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = i % 2 == 0 ? gzipped("some text\nmore text\n") : zstandard("some text\nmore text\n");
    for (int k = 0; k < 3; ++k) bytes[2 + random() % (bytes.size() - 2)] = static_cast<char>(random());
    read_all(file(bytes));
  }
}

TEST_F(LogReaderTest, OtherCompressionsAreNamed) {
  using namespace std::string_literals;
  const Result<LogReader> xz =
      LogReader::open(file("\xfd"
                           "7zXZ\0\0\4"s));
  ASSERT_FALSE(xz.has_value());
  EXPECT_EQ(xz.error().code, "I015");
  EXPECT_THAT(xz.error().message, HasSubstr("xz -dc"));
  const Result<LogReader> bzip2 = LogReader::open(file("BZh91AY&SY...."));
  ASSERT_FALSE(bzip2.has_value());
  EXPECT_EQ(bzip2.error().code, "I015");
}

TEST_F(LogReaderTest, TextThatBeginsLikeAMagicIsText) {
  EXPECT_THAT(read_all(file("BZh\n")).lines, ElementsAre("BZh"));
  EXPECT_THAT(read_all(file("(\xb5\n")).lines, ElementsAre("(\xb5"));
  EXPECT_THAT(read_all(file("P*M")).lines, ElementsAre("P*M"));
}

TEST_F(LogReaderTest, WhatCannotBeOpened) {
  const std::string missing = folder_ / "missing.log";
  const Result<LogReader> none = LogReader::open(missing);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, "I010");
  EXPECT_EQ(none.error().at.file, missing);
  EXPECT_THAT(none.error().message, HasSubstr("No such file"));

  const Result<LogReader> directory = LogReader::open(folder_);
  ASSERT_FALSE(directory.has_value());
  EXPECT_EQ(directory.error().code, "I011");
}

TEST_F(LogReaderTest, WhatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string secret = file("x");
  ::chmod(secret.c_str(), 0);
  const Result<LogReader> refused = LogReader::open(secret);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("Permission denied"));
}

TEST_F(LogReaderTest, BlockAndReadSizesDoNotMatter) {
  std::string text = many_lines(2000);
  text.insert(text.size() / 2, std::string(20000, 'y'));
  const std::string bytes = gzipped(text);
  for (const model::Compat compat : {model::Compat::Mended, model::Compat::Ossec43}) {
    const Read whole = read_all(file(text), {.compat = compat, .longest_line = 9000});
    for (uint64_t seed = 1; seed < 6; ++seed) {
      const ReadOptions options{
          .compat = compat, .block_bytes = 1 + seed * 13, .longest_line = 9000, .read_seed = seed * 7};
      for (const std::string& stored : {text, bytes}) {
        const Read parts = read_all(file(stored), options);
        ASSERT_EQ(parts.lines, whole.lines);
        ASSERT_EQ(parts.numbers, whole.numbers);
        ASSERT_EQ(parts.counters, whole.counters);
      }
    }
  }
}

TEST_F(LogReaderTest, ALineOfManyMegabytesIsCutAndCounted) {
  const Read r = read_all(file("ab\n" + std::string(5 << 20, 'x') + "\ncd\n"), {.block_bytes = 4096});
  ASSERT_EQ(r.lines.size(), 3U);
  EXPECT_EQ(r.lines[1].size(), size_t{1} << 20);
  EXPECT_EQ(r.lines[2], "cd");
  EXPECT_EQ(r.counters.truncated, 1U);
  EXPECT_EQ(r.counters.lines, 3U);
}

TEST_F(LogReaderTest, APipeGivesEachLineAtOnce) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "first\nsec", 9), 9);
  Result<LogReader> reader = LogReader::adopt(ends[0], "standard input");
  ASSERT_TRUE(reader.has_value());
  Block block;
  // The other end is still open: next() must not wait for more than a line.
  ASSERT_TRUE(*reader->next(block));
  ASSERT_EQ(block.size(), 1U);
  EXPECT_EQ(block.line(0), "first");
  ASSERT_EQ(::write(ends[1], "ond\n\x1f\x8b\n", 7), 7);
  ASSERT_TRUE(*reader->next(block));
  ASSERT_EQ(block.size(), 2U);
  EXPECT_EQ(block.line(0), "second");
  EXPECT_EQ(block.number(1), 3U);
  ::close(ends[1]);
  EXPECT_FALSE(*reader->next(block));
  EXPECT_FALSE(reader->changed().has_value());
  EXPECT_EQ(reader->size(), 0U);
}

TEST_F(LogReaderTest, CompressedDataFromAPipe) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string bytes = gzipped(many_lines(5000));
  Read r;
  {
    const std::jthread writer([&] {
      for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(ends[1], bytes.data() + at, std::min<size_t>(777, bytes.size() - at));
        if (n <= 0) break;
        at += static_cast<size_t>(n);
      }
      ::close(ends[1]);
    });
    Result<LogReader> reader = LogReader::adopt(ends[0], "standard input");
    ASSERT_TRUE(reader.has_value());
    r = read_all(*reader);
  }
  EXPECT_EQ(r.lines.size(), 5000U);
  EXPECT_EQ(r.code, "");
}

TEST_F(LogReaderTest, AMovedBlockKeepsItsLines) {
  Result<LogReader> reader = LogReader::open(file("one\ntwo\n"), {.input = 5});
  ASSERT_TRUE(reader.has_value());
  Block block;
  ASSERT_TRUE(*reader->next(block));
  const Block moved = std::move(block);
  EXPECT_EQ(moved.line(1), "two");
  EXPECT_EQ(moved.input(), 5U);
}

TEST_F(LogReaderTest, LastChangeOfTheFile) {
  const std::string path = file("one\n");
  const timespec times[2] = {{1'700'000'000, 0}, {1'700'000'000, 500'000'000}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  const Result<LogReader> reader = LogReader::open(path);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->changed(), base::from_unix(1'700'000'000) + std::chrono::milliseconds(500));
}

}  // namespace
}  // namespace gander::collect
