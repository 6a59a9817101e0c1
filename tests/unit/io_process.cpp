#include "daemon/io/process.hpp"
#include "tests/unit/io_fixture.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace p2pd::io {
namespace {

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() {
    std::string name = ::testing::TempDir() + "p2pd-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  void start(const std::string& script) {
    process_.emplace(loop_, std::vector<std::string>{"/bin/sh", "-c", script},
                     std::vector<std::string>{"OUT=" + out()}, bind<&ProcessTest::on_ended>(this));
  }
  void run(const std::string& script) {
    start(script);
    ASSERT_TRUE(run_until(loop_, [&] { return ended_; }));
    process_.reset();
    loop_.run();
  }
  std::string out() const { return folder_ + "/out"; }
  std::string said() const {
    std::ifstream file(out());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Loop loop_;
  std::optional<Process> process_;
  bool ended_ = false;
  int code_ = -1;
  int signal_ = -1;

 private:
  void on_ended(int code, int signal) {
    ended_ = true;
    code_ = code;
    signal_ = signal;
  }
  std::string folder_;
};

TEST_F(ProcessTest, TellsHowItEnded) {
  run("exit 7");
  EXPECT_EQ(code_, 7);
  EXPECT_EQ(signal_, 0);
}

TEST_F(ProcessTest, HasAnEnvironmentAndDescriptorsOfItsOwn) {
  const int open = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  run("{ pwd; echo $HOME; cat; readlink /proc/self/fd/0; ls /proc/$$/fd | tr '\\n' ' '; } >$OUT");
  ::close(open);
  // The shell's own 1 is the file, and 10 or so where it keeps the one before.
  EXPECT_TRUE(said().starts_with("/\n\n/dev/null\n0 1 ")) << said();
  EXPECT_EQ(said().find(" " + std::to_string(open) + " "), std::string::npos) << said();
}

TEST_F(ProcessTest, ObeysSignalsAsAnyProgramDoes) {
  run("kill -PIPE $$; exit 0"); // which p2pd itself ignores
  EXPECT_EQ(signal_, SIGPIPE);
}

TEST_F(ProcessTest, IsKilledWithAllThatItHasStarted) {
  start("sleep 1000 & echo $! >$OUT; wait");
  ASSERT_TRUE(run_until(loop_, [&] { return said().ends_with('\n'); }));
  process_->kill();
  ASSERT_TRUE(run_until(loop_, [&] { return ended_; }));
  EXPECT_EQ(signal_, SIGKILL);
  const std::string child = "/proc/" + said().substr(0, said().size() - 1);
  const auto gone = [&] { // or a zombie that nobody has looked at yet
    std::ifstream file(child + "/stat");
    std::string line;
    return !std::getline(file, line) || line.find(") Z ") != std::string::npos;
  };
  EXPECT_TRUE(run_until(loop_, gone));
  process_.reset();
  loop_.run();
}

struct Nobody {
  void hears(int, int) {}
};

TEST_F(ProcessTest, WhatCannotBeStartedIsAnError) {
  Nobody nobody;
  try {
    Process process(loop_, {"/no/such/program"}, {}, bind<&Nobody::hears>(&nobody));
    FAIL() << "it runs";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
  loop_.run();
}

} // namespace
} // namespace p2pd::io
