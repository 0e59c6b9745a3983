#include "output/output_stream.h"

#include <array>
#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace gander::output {
namespace {

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends.data()), 0); }
  ~Pipe() {
    close_reader();
    close(ends[1]);
  }
  void close_reader() {
    if (ends[0] >= 0) close(ends[0]);
    ends[0] = -1;
  }
  std::string read_some() {
    std::string text(1 << 17, '\0');
    const ssize_t n = read(ends[0], text.data(), text.size());
    text.resize(n > 0 ? static_cast<size_t>(n) : 0);
    return text;
  }
  std::array<int, 2> ends{};
};

TEST(OutputStream, SmallTextWaitsForTheFlush) {
  Pipe p;
  fcntl(p.ends[0], F_SETFL, O_NONBLOCK);
  OutputStream out(p.ends[1], "standard output");
  out.buffer() += "one";
  ASSERT_TRUE(out.commit());
  EXPECT_EQ(p.read_some(), "");
  ASSERT_TRUE(out.flush());
  EXPECT_EQ(p.read_some(), "one");
  EXPECT_EQ(out.bytes_written(), 3U);
}

TEST(OutputStream, LargeTextIsWrittenAtOnce) {
  Pipe p;
  OutputStream out(p.ends[1], "standard output");
  out.buffer().assign(OutputStream::kLargeWrite, 'x');
  ASSERT_TRUE(out.commit());
  EXPECT_EQ(p.read_some().size(), OutputStream::kLargeWrite);
}

TEST(OutputStream, ClosedPipeIsToldAndKept) {
  signal(SIGPIPE, SIG_IGN);
  Pipe p;
  p.close_reader();
  OutputStream out(p.ends[1], "standard output");
  out.buffer() += "one";
  const Result<void> first = out.flush();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, "A001");
  EXPECT_EQ(first.error().message, "cannot write to standard output: Broken pipe");
  out.buffer() += "two";
  EXPECT_FALSE(out.commit());
  EXPECT_TRUE(out.buffer().empty());
}

TEST(OutputStream, FullDiskIsTold) {
  const int full = open("/dev/full", O_WRONLY);
  if (full < 0) GTEST_SKIP() << "no /dev/full here";
  OutputStream out(full, "alerts.txt");
  out.buffer() += "one";
  const Result<void> done = out.flush();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "A002");
  EXPECT_EQ(done.error().message, "cannot write to alerts.txt: No space left on device");
  close(full);
}

TEST(OutputStream, DestructorWritesTheRest) {
  Pipe p;
  { OutputStream(p.ends[1], "standard output").buffer() += "end"; }
  EXPECT_EQ(p.read_some(), "end");
}

}  // namespace
}  // namespace gander::output
