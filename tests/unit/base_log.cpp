#include "daemon/base/log.hpp"

#include "daemon/base/log_causes.hpp"
#include "daemon/base/log_sink.hpp"
#include "tests/unit/base_config_fixture.hpp"

#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace p2pd::base::log {
namespace {

using namespace std::chrono_literals;

using Time = Causes::Time;

Line trouble(std::string text) {
  return {Level::warn, "net", std::move(text), {}};
}
Line event(std::string text, Fields fields = {}) {
  return {Level::info, "peer", std::move(text), std::move(fields)};
}
std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> list;
  for (const Line& line : lines) list.push_back(line.text);
  return list;
}

class LogCausesTest : public ::testing::Test {
 protected:
  // Goes on for so long, ten times a second; how many lines that makes.
  template <class Each>
  std::size_t lines_in(std::chrono::seconds time, Each&& each) {
    std::size_t said = 0;
    for (const Time end = now_ + time; now_ < end; now_ += 100ms) {
      said += causes_.due(now_).size();
      said += each();
    }
    return said;
  }

  Causes causes_;
  Time now_ = Time() + 1000h;
};

TEST_F(LogCausesTest, TroubleIsOneLineAMinuteWithItsCount) {
  EXPECT_TRUE(causes_.pass(trouble("a is gone"), "{} is gone", now_));
  for (int i = 0; i < 6034; ++i)
    EXPECT_FALSE(causes_.pass(trouble("b is gone"), "{} is gone", now_ + 1s));
  EXPECT_TRUE(causes_.pass(trouble("a is here"), "{} is here", now_)) << "another cause";
  EXPECT_TRUE(causes_.due(now_ + 1s + Causes::period - 1ms).empty());
  EXPECT_EQ(texts(causes_.due(now_ + 1s + Causes::period)),
            std::vector<std::string>{"b is gone (repeated 6,034 times)"});
  EXPECT_FALSE(causes_.pass(trouble("c is gone"), "{} is gone", now_ + 2s + Causes::period))
      << "the count was its line of this minute";
  EXPECT_EQ(texts(causes_.due(now_ + 1h)), std::vector<std::string>{"c is gone"}) << "only late";
  EXPECT_TRUE(causes_.pass(trouble("d is gone"), "{} is gone", now_ + 2h));
  EXPECT_TRUE(causes_.due(now_ + 3h).empty());
}

TEST_F(LogCausesTest, EventsOfOtherSubjectsAreOtherLines) {
  for (const char* const id : {"7", "8"})
    EXPECT_TRUE(causes_.pass(event("a film is whole", {{"transfer", id}}), "{} is whole", now_));
  EXPECT_FALSE(causes_.pass(event("it is whole", {{"transfer", "7"}}), "{} is whole", now_ + 59s));
  EXPECT_TRUE(causes_.pass(event("listening on a"), "listening on {}", now_));
  EXPECT_TRUE(causes_.pass(event("listening on b"), "listening on {}", now_));
  EXPECT_FALSE(causes_.pass(event("listening on a"), "listening on {}", now_));
}

TEST_F(LogCausesTest, NoStateOfTroubleFillsTheLog) {
  static constexpr std::array<std::string_view, 40> formats{
      "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13",
      "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27",
      "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39"};
  unsigned number = 0;
  const auto each = [&] {
    std::size_t said = 0;
    for (const std::string_view format : formats) {
      said += causes_.pass(trouble("trouble"), format, now_) ? 1U : 0U;
      said += causes_.pass(event(std::to_string(++number)), format, now_) ? 1U : 0U;
    }
    return said;
  };
  for (int minute = 0; minute < 10; ++minute)
    EXPECT_EQ(lines_in(Causes::period, each), Causes::most_lines) << minute;
}

TEST_F(LogCausesTest, NeitherKindHidesTheOther) {
  unsigned number = 0;
  EXPECT_EQ(lines_in(1s,
                     [&] {
                       std::size_t said = 0;
                       for (int i = 0; i < 10; ++i)
                         said += causes_.pass(event(std::to_string(++number)), "{} came", now_);
                       return said;
                     }),
            Causes::most_of_kind);
  EXPECT_TRUE(causes_.pass(trouble("the disk is full"), "{} is full", now_));
  EXPECT_EQ(texts(causes_.rest()), std::vector<std::string>{"100 (repeated 86 times)"});
  EXPECT_TRUE(causes_.rest().empty());
}

// Has something else for stderr.
class LogSinkTest : public ::testing::Test {
 protected:
  LogSinkTest() { ::unsetenv("JOURNAL_STREAM"); }
  ~LogSinkTest() override {
    restore();
    ::unsetenv("JOURNAL_STREAM");
  }
  void replace_stderr(int fd) {
    saved_ = ::dup(STDERR_FILENO);
    ::dup2(fd, STDERR_FILENO);
    ::close(fd);
  }
  void restore() {
    if (saved_ < 0) return;
    ::dup2(saved_, STDERR_FILENO);
    ::close(std::exchange(saved_, -1));
  }
  std::string drained(int fd) {
    std::string text;
    std::array<char, 4096> part;
    for (ssize_t count; (count = ::read(fd, part.data(), part.size())) > 0;)
      text.append(part.data(), static_cast<std::size_t>(count));
    return text;
  }
  // What `write` writes to it.
  template <class Write>
  std::string said(Write&& write) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    replace_stderr(ends[1]);
    write();
    restore();
    std::string text = drained(ends[0]);
    ::close(ends[0]);
    return text;
  }

 private:
  int saved_ = -1;
};

TEST_F(LogSinkTest, WritesALineWithItsFields) {
  const std::string line = said([] {
    Sink().put({Level::warn, "disk", "it is full", {{"transfer", "7"}, {"path", "/a b"}}});
  });
  EXPECT_EQ(line.substr(line.find(" W ")), " W disk: it is full transfer=7 path=\"/a b\"\n");
  EXPECT_EQ(line.find(" W "), std::string("2026-03-01 12:00:00.000").size());
}

TEST_F(LogSinkTest, ANameForgesNeitherFieldsNorTheScreen) {
  const std::string line = said([] {
    open(Level::info);
    info("peer", Fields{{"name", "a\" id=1 \\"}}, "{} came, key = value, x-y=z",
         "x peer=\u009b\u202e");
  });
  EXPECT_EQ(line.substr(line.find(" I ")),
            " I peer: x peer\\x3d\\x9b\\u202e came, key = value, x-y=z name=\"a\\\" id=1 \\\\\"\n");
}

TEST_F(LogSinkTest, WaitsForNobodyAndTellsWhatWasLost) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK); // the other end would block
  replace_stderr(ends[1]);
  Sink sink;
  const std::string text(1000, 'x');
  for (int i = 0; i < 200; ++i) sink.put({Level::info, "net", text, {}});
  drained(ends[0]);
  sink.put({Level::info, "net", "again", {}});
  restore();
  const std::string lines = drained(ends[0]);
  ::close(ends[0]);
  EXPECT_NE(lines.find(" W log: "), std::string::npos) << lines;
  EXPECT_NE(lines.find(" lines were lost"), std::string::npos) << lines;
  EXPECT_TRUE(lines.ends_with(" I net: again\n")) << lines;
}

TEST_F(LogSinkTest, AFullDiskCostsLinesAlone) {
  replace_stderr(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Sink sink;
  sink.put({Level::info, "net", "lost", {}});
  restore();
  const std::string line = said([&] { sink.put({Level::info, "net", "kept", {}}); });
  EXPECT_NE(line.find("1 lines were lost"), std::string::npos) << line;
}

class LogJournalTest : public LogSinkTest {
 protected:
  LogJournalTest() {
    EXPECT_EQ(::pipe2(stream_, O_CLOEXEC | O_NONBLOCK), 0);
    struct stat status {};
    ::fstat(stream_[1], &status);
    const std::string name = std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
    ::setenv("JOURNAL_STREAM", name.c_str(), 1);
    replace_stderr(stream_[1]);
  }
  ~LogJournalTest() override { ::close(stream_[0]); }

  const TestFolder folder_;
  int stream_[2];
};

TEST_F(LogJournalTest, MakesAnEntryOfALine) {
  const std::string path = (folder_ / "journal").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int journal = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  ASSERT_EQ(::bind(journal, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  Sink sink(path.c_str());
  sink.put({Level::error, "disk", "it is full", {{"transfer", "7"}}});
  std::array<char, 4096> entry;
  const ssize_t size = ::recv(journal, entry.data(), entry.size(), 0);
  EXPECT_EQ(std::string(entry.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))),
            "PRIORITY=3\nSYSLOG_IDENTIFIER=p2pd\nP2PD_ROOM=disk\nMESSAGE=disk: it is full\n"
            "P2PD_TRANSFER=7\n");
  ::close(journal);
  sink.put({Level::info, "disk", "it goes on", {}});
  restore();
  EXPECT_EQ(drained(stream_[0]), "<6>disk: it goes on\n") << "where the journal is away";
}

} // namespace
} // namespace p2pd::base::log
