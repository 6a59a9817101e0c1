#include "daemon/io/reaper.hpp"

#include "daemon/io/process.hpp"
#include "tests/unit/io_fixture.hpp"

#include <cerrno>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace p2pd::io {
namespace {

// Stands where PID 1 of a container does: what its programs leave behind becomes its child.
class ReaperTest : public ::testing::Test {
 protected:
  ReaperTest() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~ReaperTest() override { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }

  static bool childless() {
    siginfo_t any{};
    return ::waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
  }
  void start(const std::string& script) {
    process_.emplace(loop_, std::vector<std::string>{"/bin/sh", "-c", script},
                     std::vector<std::string>{}, bind<&ReaperTest::on_ended>(this));
  }

  Loop loop_;
  Reaper reaper_{loop_};
  std::optional<Process> process_;
  int code_ = -1;

 private:
  void on_ended(int code, int) { code_ = code; }
};

TEST_F(ReaperTest, CollectsWhatAProgramLeavesBehind) {
  start("for i in 1 2 3; do (/bin/sleep 0.05 &); done; exit 3");
  EXPECT_TRUE(run_until(loop_, [&] { return code_ == 3 && childless(); }))
      << "and the program's own end is told";
}

TEST_F(ReaperTest, CollectsAProgramThatWasLetGo) {
  start("/bin/sleep 0.05");
  process_.reset();
  EXPECT_TRUE(run_until(loop_, childless));
  EXPECT_EQ(code_, -1);
}

} // namespace
} // namespace p2pd::io
