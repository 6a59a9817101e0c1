#include "daemon/io/listener.hpp"

#include "tests/unit/io_fixture.hpp"

#include <fstream>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::io {
namespace {

namespace fs = std::filesystem;

// Takes whatever connects.
class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    std::string name = (fs::temp_directory_path() / "p2pd-io-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~ListenerTest() override { fs::remove_all(folder); }

  void on_stream(std::unique_ptr<Stream> stream) {
    stream->listen_to(far);
    accepted.push_back(std::move(stream));
    when_accepted();
  }
  Listener::Accept accept() { return bind<&ListenerTest::on_stream>(this); }

  std::unique_ptr<Stream> dial(const Endpoint& to) {
    auto stream = std::make_unique<Stream>(loop, Stream::Family::tcp);
    stream->listen_to(ear);
    stream->connect(to);
    return stream;
  }

  std::error_code refusal(auto&&... at) {
    try {
      Listener listener(loop, at..., accept());
      return {};
    } catch (const std::system_error& thrown) {
      return thrown.code();
    }
  }

  fs::path folder;
  Loop loop;
  Ear ear, far;
  std::vector<std::unique_ptr<Stream>> accepted;
  std::function<void()> when_accepted = [] {};
};

TEST_F(ListenerTest, TakesSeveralConnections) {
  const Listener listener(loop, loopback(), accept());
  EXPECT_NE(listener.local().port(), 0);
  EXPECT_EQ(listener.local().host(), "127.0.0.1");
  std::vector<std::unique_ptr<Stream>> dialled;
  for (int i = 0; i < 20; ++i) dialled.push_back(dial(listener.local()));
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 20 && ear.connected.size() == 20; }));
  for (const std::error_code code : ear.connected) EXPECT_FALSE(code);
}

// So that a flood of them does not keep the loop from everything else.
TEST_F(ListenerTest, TakesAFewATurn) {
  const Listener listener(loop, loopback(), accept());
  std::size_t in_this_turn = 0, most = 0;
  Calling turned([&] { in_this_turn = 0; });
  Deferred turn(loop, turned);
  when_accepted = [&] {
    most = std::max(most, ++in_this_turn);
    turn.schedule();
  };
  std::vector<std::unique_ptr<Stream>> dialled;
  for (int i = 0; i < 200; ++i) dialled.push_back(dial(listener.local()));
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 200; }));
  EXPECT_LE(most, 33U); // 32, and one that was left by the turn before
}

TEST_F(ListenerTest, SaysThatItsAddressIsTaken) {
  const Listener listener(loop, loopback(), accept());
  EXPECT_EQ(refusal(listener.local()), std::errc::address_in_use);
  settle(loop);
}

TEST_F(ListenerTest, MayWaitForItsAddress) {
  EXPECT_EQ(refusal(*Endpoint::parse("192.0.2.1:7440")), std::error_code());
  EXPECT_EQ(refusal(*Endpoint::parse("[2001:db8::1]:7440")), std::error_code());
  settle(loop);
}

TEST_F(ListenerTest, StopsWhenItIsDestroyed) {
  auto listener = std::make_unique<Listener>(loop, loopback(), accept());
  const Endpoint at = listener->local();
  listener.reset();
  settle(loop);
  const auto late = dial(at);
  ASSERT_TRUE(run_until(loop, [&] { return !ear.connected.empty(); }));
  EXPECT_EQ(ear.connected.front(), std::errc::connection_refused);
  EXPECT_TRUE(accepted.empty());
  EXPECT_EQ(refusal(at), std::error_code()); // free again
}

TEST_F(ListenerTest, MayBeDestroyedByWhatItCalls) {
  auto listener = std::make_unique<Listener>(loop, loopback(), accept());
  when_accepted = [&] { listener.reset(); };
  const auto first = dial(listener->local());
  const auto second = dial(listener->local());
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 1; }));
  settle(loop);
  EXPECT_EQ(accepted.size(), 1U);
}

TEST_F(ListenerTest, MayDropWhatItIsGivenAtOnce) {
  const Listener listener(loop, loopback(), accept());
  when_accepted = [&] { accepted.clear(); };
  const auto stream = dial(listener.local());
  ear.when_connected = [&] { stream->start_reading(); };
  ASSERT_TRUE(run_until(loop, [&] { return !ear.ended.empty(); }));
  EXPECT_TRUE(is_end_of_stream(ear.ended.front()));
}

TEST_F(ListenerTest, ServesBothFamiliesOnOnePort) {
  std::unique_ptr<Listener> v6;
  try {
    v6 = std::make_unique<Listener>(loop, *Endpoint::from({"::", 0}), accept());
  } catch (const std::system_error&) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  const std::uint16_t port = v6->local().port();
  const Listener v4(loop, *Endpoint::from({"0.0.0.0", port}), accept());
  const auto from_v6 = dial(*Endpoint::from({"::1", port}));
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 1; }));
  EXPECT_TRUE(accepted.front()->remote().v6());
  EXPECT_EQ(accepted.front()->remote().host(), "::1");
  EXPECT_EQ(accepted.front()->remote(), from_v6->local());
  const auto from_v4 = dial(loopback(port));
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 2; }));
  EXPECT_EQ(accepted.back()->remote().host(), "127.0.0.1");
}

// The other end of a Unix socket is a plain one: Stream dials TCP only.
class UnixClient {
 public:
  explicit UnixClient(const fs::path& path) : descriptor_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    connected =
        ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~UnixClient() { ::close(descriptor_); }
  UnixClient(const UnixClient&) = delete;
  UnixClient& operator=(const UnixClient&) = delete;

  void write(std::string_view text) {
    EXPECT_EQ(::write(descriptor_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string read(std::size_t size) {
    std::string text(size, '\0');
    EXPECT_EQ(::recv(descriptor_, text.data(), size, MSG_WAITALL), static_cast<ssize_t>(size));
    return text;
  }
  bool connected = false;

 private:
  int descriptor_;
};

TEST_F(ListenerTest, ServesAUnixSocketAndKnowsWhoCalls) {
  const fs::path path = folder / "socket";
  auto listener = std::make_unique<Listener>(loop, path, accept());
  UnixClient client(path);
  ASSERT_TRUE(client.connected);
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 1; }));
  const Credentials caller = accepted.front()->credentials();
  EXPECT_EQ(caller.user, ::geteuid());
  EXPECT_EQ(caller.group, ::getegid());
  EXPECT_EQ(caller.process, ::getpid());
  std::vector<gid_t> groups(static_cast<std::size_t>(::getgroups(0, nullptr)));
  ::getgroups(static_cast<int>(groups.size()), groups.data());
  EXPECT_EQ(caller.groups, groups);

  accepted.front()->start_reading();
  client.write("question");
  ASSERT_TRUE(run_until(loop, [&] { return far.text() == "question"; }));
  accepted.front()->write(bytes_of("answer"));
  EXPECT_EQ(client.read(6), "answer");

  listener.reset();
  settle(loop);
  EXPECT_FALSE(fs::exists(path)); // leaves nothing behind
}

TEST_F(ListenerTest, TakesOverASocketThatListensAndLeavesItsFile) {
  const fs::path path = folder / "socket";
  const int inherited = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(inherited, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(inherited, 8), 0);
  const UnixClient early(path); // before there is a listener
  auto listener = std::make_unique<Listener>(loop, inherited, accept());
  ASSERT_TRUE(run_until(loop, [&] { return accepted.size() == 1; }));
  EXPECT_EQ(accepted.front()->credentials().process, ::getpid());
  listener.reset();
  settle(loop);
  EXPECT_TRUE(fs::exists(path)); // its maker's
}

TEST_F(ListenerTest, RefusesASocketPathThatItCannotBind) {
  const std::string longest(sizeof sockaddr_un::sun_path - 2 - folder.native().size(), 'x');
  EXPECT_EQ(refusal(folder / longest), std::error_code());
  settle(loop);
  EXPECT_EQ(refusal(folder / (longest + 'y')), std::errc::filename_too_long);
  EXPECT_TRUE(fs::is_empty(folder)); // above all, none under a name that was cut short
  EXPECT_EQ(refusal(folder / "no" / "folder"), std::errc::permission_denied); // as libuv puts it
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(refusal(folder / "file"), std::errc::address_in_use);
  EXPECT_TRUE(fs::exists(folder / "file"));
  settle(loop);
}

} // namespace
} // namespace p2pd::io
