#include "daemon/transfer/hooks.hpp"

#include "tests/unit/io_fixture.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace p2pd::transfer {
namespace {

// Writes down what is kept, and keeps it when the test says so.
class HooksTest : public ::testing::Test, private HooksListener {
 protected:
  HooksTest() {
    std::string name = ::testing::TempDir() + "p2pd-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    make_hooks(Hooks::longest);
  }
  ~HooksTest() override { std::filesystem::remove_all(folder_); }

  void make_hooks(io::milliseconds limit) {
    hooks_.emplace(loop_, limit);
    hooks_->listen(*this);
  }
  void set_command(const std::string& script) {
    base::Config config;
    config.on_complete = {"/bin/sh", "-c", script, "sh", folder_};
    config.control_socket = "/run/x.sock";
    hooks_->apply(config);
  }
  static TransferRow done(std::uint64_t id) {
    TransferRow row;
    row.request.id = id;
    row.request.name = "n" + std::to_string(id);
    row.path = "/dl/x y";
    row.size = 9;
    row.state = TransferState::done;
    return row;
  }
  bool tells(std::uint64_t id, const std::string& status) {
    return io::run_until(loop_, [&] { return statuses_[id] == status; });
  }
  std::string file(const std::string& name) const {
    std::ifstream stream(folder_ + '/' + name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void touch(const std::string& name) const { std::ofstream(folder_ + '/' + name) << "go"; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  io::Loop loop_;
  std::optional<Hooks> hooks_;
  std::map<std::uint64_t, std::string> statuses_;
  std::vector<Kept> unkept_;
  bool keeps_ = true;

 private:
  void on_hook(std::uint64_t transfer, std::string_view status, Kept kept) override {
    statuses_[transfer] = status;
    if (keeps_) return kept({});
    unkept_.push_back(std::move(kept));
  }
  std::string folder_;
};

const std::string wait_for_go = "while [ ! -e $1/go ]; do sleep 0.01; done";

TEST_F(HooksTest, TellsTheProgramAboutTheTransfer) {
  EXPECT_EQ(hooks_->due(TransferState::done), "");
  set_command("env | grep ^P2P | sort >$1/env");
  EXPECT_EQ(hooks_->due(TransferState::done), "waiting");
  EXPECT_EQ(hooks_->due(TransferState::failed), "");
  hooks_->run(done(7));
  EXPECT_TRUE(tells(7, "exit 0"));
  EXPECT_EQ(file("env"), "P2PCTL_SOCKET=/run/x.sock\nP2PD_CONTENT=" + std::string(64, '0') +
                             "\nP2PD_ERROR=\nP2PD_ID=7\nP2PD_NAME=n7\nP2PD_PATH=/dl/x y\n"
                             "P2PD_SIZE=9\nP2PD_STATE=done\n");
}

TEST_F(HooksTest, RunsAFewAtATime) {
  set_command("touch $1/$P2PD_ID; " + wait_for_go + "; exit $P2PD_ID");
  for (std::uint64_t id = 1; id <= Hooks::most_running + 2; ++id) hooks_->run(done(id));
  EXPECT_TRUE(io::run_until(loop_, [&] { return files() == Hooks::most_running; }));
  io::settle(loop_);
  EXPECT_EQ(files(), Hooks::most_running);
  EXPECT_EQ(statuses_.size(), Hooks::most_running);
  touch("go");
  for (std::uint64_t id = 1; id <= Hooks::most_running + 2; ++id)
    EXPECT_TRUE(tells(id, "exit " + std::to_string(id))) << statuses_[id];
}

TEST_F(HooksTest, StartsWhatIsKeptAndNothingElse) {
  set_command("touch $1/ran");
  keeps_ = false;
  hooks_->run(done(1));
  io::settle(loop_);
  EXPECT_EQ(statuses_[1], "running");
  EXPECT_EQ(files(), 0U);
  unkept_.front()(disk::fault(EROFS, "read-only"));
  io::settle(loop_);
  EXPECT_EQ(files(), 0U) << "it waits for the database";
  keeps_ = true;
  hooks_->run(done(2)); // the one before is tried first
  EXPECT_TRUE(tells(1, "exit 0"));
  EXPECT_TRUE(tells(2, "exit 0"));
}

TEST_F(HooksTest, LeavesThemToTheNextOneWhenItStops) {
  set_command("touch $1/ran");
  keeps_ = false;
  hooks_->run(done(1));
  hooks_->stop();
  unkept_.front()({});
  hooks_->run(done(2));
  io::settle(loop_);
  EXPECT_EQ(files(), 0U);
  EXPECT_FALSE(statuses_.contains(2));
}

TEST_F(HooksTest, EndsWhatTakesTooLong) {
  make_hooks(io::milliseconds(50));
  set_command(wait_for_go);
  hooks_->run(done(1));
  EXPECT_TRUE(tells(1, "too long"));
}

// A program takes descriptors to start, as it takes a process and memory.
TEST_F(HooksTest, WaitsWhereALimitLetsNoneBeStarted) {
  set_command("touch $1/ran");
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int next = ::dup(STDIN_FILENO); // what is below it is open
  ::close(next);
  const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  hooks_->run(done(1));
  const std::string status = statuses_[1];
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(status, "waiting") << "the next p2pd would start it as well";
  hooks_->run(done(2));
  EXPECT_TRUE(tells(1, "exit 0")) << statuses_[1];
  EXPECT_TRUE(tells(2, "exit 0")) << statuses_[2];
}

TEST_F(HooksTest, TellsWhatCannotBeStarted) {
  base::Config config;
  config.on_complete = {"/no/such/program"};
  hooks_->apply(config);
  hooks_->run(done(1));
  EXPECT_TRUE(tells(1, "not started: No such file or directory")) << statuses_[1];
}

} // namespace
} // namespace p2pd::transfer
