#include "daemon/io/stream.hpp"

#include "tests/unit/io_fixture.hpp"

#include "daemon/io/socket.hpp"

#include <array>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pd::io {
namespace {

// Both ends of one TCP connection on the loopback.
class StreamTest : public testing::Test {
 protected:
  void on_stream(std::unique_ptr<Stream> stream) { there = std::move(stream); }

  Listener::Accept accept() { return bind<&StreamTest::on_stream>(this); }

  void connect() {
    here = std::make_unique<Stream>(loop, Stream::Family::tcp);
    here->listen_to(ear);
    here->connect(listener.local());
    ASSERT_TRUE(run_until(loop, [&] { return there && !ear.connected.empty(); }));
    ASSERT_FALSE(ear.connected.front()) << ear.connected.front().message();
    there->listen_to(far);
    here->start_reading();
    there->start_reading();
  }

  // Through a socket of the test's own, which can do what a Stream would not.
  int connect_raw() {
    const Endpoint to = listener.local();
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(descriptor, &to.address(), sizeof(sockaddr_in)), 0);
    EXPECT_TRUE(run_until(loop, [&] { return there != nullptr; }));
    there->listen_to(far);
    there->start_reading();
    return descriptor;
  }

  // Closes so that the other side sees a reset.
  static void reset(int descriptor) {
    const linger at_once{1, 0};
    EXPECT_EQ(::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    ::close(descriptor);
  }

  Loop loop;
  Ear ear, far; // of here and there
  Listener listener{loop, loopback(), accept()};
  std::unique_ptr<Stream> here, there;
};

// Of congestion, as the kernel names it.
std::string control_of(int descriptor) {
  std::array<char, 16> name{};
  socklen_t size = name.size();
  EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, name.data(), &size), 0);
  return name.data();
}

TEST(Socket, BeginsUnpacedAndCanGoTheSystemsWay) {
  const int raw = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int listening = listening_socket(loopback());
  const int dialling = tcp_socket(local_endpoint(listening));
  EXPECT_EQ(control_of(listening), "reno");
  EXPECT_EQ(control_of(dialling), "reno");
  use_default_control(dialling);
  EXPECT_EQ(control_of(dialling), control_of(raw));
  for (const int descriptor : {raw, listening, dialling}) ::close(descriptor);
}

TEST_F(StreamTest, CarriesBytesBothWaysAndKnowsBothEnds) {
  connect();
  EXPECT_EQ(here->remote(), listener.local());
  EXPECT_EQ(here->local(), there->remote());
  EXPECT_EQ(there->local(), listener.local());
  here->write(bytes_of("there"));
  there->write(bytes_of("and "));
  there->write(bytes_of("back"));
  ASSERT_TRUE(run_until(loop, [&] { return ear.bytes.size() == 8 && far.bytes.size() == 5; }));
  EXPECT_EQ(far.text(), "there");
  EXPECT_EQ(ear.text(), "and back");
  ASSERT_TRUE(run_until(loop, [&] { return ear.written == 1 && far.written == 2; }));
  EXPECT_TRUE(ear.ended.empty() && far.ended.empty());
}

TEST_F(StreamTest, WritesHeadAndTailAndLetsTheOwnerGo) {
  connect();
  auto owner = std::make_shared<std::vector<std::uint8_t>>(noise_of(1'000'000));
  const std::vector<std::uint8_t> tail = *owner;
  const std::weak_ptr<void> watched = owner;
  here->write(bytes_of("head"), *owner, owner);
  owner.reset();
  EXPECT_FALSE(watched.expired());
  here->write(bytes_of("end"));
  here->write({}, std::span(tail).first(3)); // an empty head
  ASSERT_TRUE(run_until(loop, [&] { return far.bytes.size() >= 1'000'010; }));
  ASSERT_TRUE(run_until(loop, [&] { return ear.written == 3; }));
  EXPECT_TRUE(watched.expired());
  std::vector<std::uint8_t> expected = bytes_of("head");
  expected.insert(expected.end(), tail.begin(), tail.end());
  for (const char c : std::string_view("end")) expected.push_back(static_cast<std::uint8_t>(c));
  expected.insert(expected.end(), tail.begin(), tail.begin() + 3);
  EXPECT_EQ(far.bytes, expected);
}

// The reader takes a thousand bytes, rests for a turn, and takes the next: what does not fit into
// the kernel waits with the writer, and comes whole and in order.
TEST_F(StreamTest, WaitsForASlowReader) {
  Ear slow(1000);
  connect();
  there->listen_to(slow);
  Calling go_on([&] { there->start_reading(); });
  Timer rest(loop, go_on);
  slow.when_read = [&] {
    if (slow.bytes.size() % 200'000 >= 1000) return; // rests now and then only
    there->stop_reading();
    rest.once(milliseconds(1));
  };
  const std::vector<std::uint8_t> sent = noise_of(16 * 1024 * 1024);
  constexpr std::size_t piece = 300'007;
  for (std::size_t at = 0; at < sent.size(); at += piece) {
    const auto some = std::span(sent).subspan(at, std::min(piece, sent.size() - at));
    here->write({some.begin(), some.end()});
  }
  EXPECT_GT(here->queued(), 1'000'000U);
  ASSERT_TRUE(run_until(loop, [&] { return slow.bytes.size() >= sent.size(); }));
  EXPECT_EQ(slow.bytes, sent);
  EXPECT_EQ(here->queued(), 0U);
  ASSERT_TRUE(run_until(loop, [&] { return ear.written == (sent.size() + piece - 1) / piece; }));
}

// However much has come, the others have their turn soon.
TEST_F(StreamTest, ReadsAFewTimesInARow) {
  Ear small(1000);
  connect();
  there->listen_to(small);
  there->stop_reading();
  const std::vector<std::uint8_t> sent = noise_of(100'000);
  here->write(std::vector(sent));
  settle(loop);
  std::size_t reads = 0, most = 0;
  Calling end_turn([&] { most = std::max(most, std::exchange(reads, 0)); });
  Deferred turn(loop, end_turn);
  small.when_read = [&] {
    ++reads;
    turn.schedule();
  };
  there->start_reading();
  ASSERT_TRUE(run_until(loop, [&] { return small.bytes.size() >= sent.size(); }));
  EXPECT_EQ(small.bytes, sent);
  EXPECT_EQ(most, 4U);
}

TEST_F(StreamTest, StopsReadingUntilItIsToldToGoOn) {
  connect();
  there->stop_reading();
  here->write(bytes_of("patience"));
  settle(loop);
  EXPECT_EQ(far.text(), "");
  there->start_reading();
  there->start_reading(); // is no harm
  ASSERT_TRUE(run_until(loop, [&] { return far.text() == "patience"; }));
}

// A listener without room stops reading; nothing is lost, and the connection is whole.
TEST_F(StreamTest, TakesAnEmptyBufferForBackpressure) {
  struct Full final : StreamListener {
    std::span<std::uint8_t> read_buffer() override {
      if (room) return space;
      ++asked;
      return {};
    }
    void on_read(std::size_t size) override { text.append(space.begin(), space.begin() + size); }
    void on_end(std::error_code code) override { ended.push_back(code); }
    bool room = false;
    int asked = 0;
    std::array<std::uint8_t, 64> space{};
    std::string text;
    std::vector<std::error_code> ended;
  } full;
  connect();
  there->listen_to(full);
  here->write(bytes_of("held back"));
  ASSERT_TRUE(run_until(loop, [&] { return full.asked > 0; }));
  settle(loop);
  EXPECT_EQ(full.asked, 1);
  EXPECT_TRUE(full.ended.empty());
  full.room = true;
  there->start_reading();
  ASSERT_TRUE(run_until(loop, [&] { return full.text == "held back"; }));
  there.reset();
}

TEST_F(StreamTest, EndsOnceWhenTheOtherSideCloses) {
  connect();
  here->write(bytes_of("last words"));
  ASSERT_TRUE(run_until(loop, [&] { return ear.written == 1; }));
  here.reset();
  ASSERT_TRUE(run_until(loop, [&] { return !far.ended.empty(); }));
  EXPECT_TRUE(is_end_of_stream(far.ended.front())) << far.ended.front().message();
  EXPECT_EQ(far.text(), "last words");
  settle(loop);
  EXPECT_EQ(far.ended.size(), 1U);
  EXPECT_EQ(ear.ended.size(), 0U); // who closes knows
}

TEST_F(StreamTest, EndsOnceWhenTheOtherSideIsResetAndWritesAreQueued) {
  const int descriptor = connect_raw();
  for (int i = 0; i < 8; ++i) there->write(noise_of(4 * 1024 * 1024));
  ASSERT_TRUE(run_until(loop, [&] { return there->queued() > 0; }));
  reset(descriptor);
  ASSERT_TRUE(run_until(loop, [&] { return !far.ended.empty(); }));
  EXPECT_TRUE(far.ended.front());
  settle(loop);
  EXPECT_EQ(far.ended.size(), 1U);
}

TEST_F(StreamTest, EndsOnceWhenWritingToWhatIsGone) {
  const int descriptor = connect_raw();
  there->stop_reading(); // so that only the writes can notice
  reset(descriptor);
  settle(loop);
  for (int i = 0; i < 3; ++i) there->write(bytes_of("too late"));
  ASSERT_TRUE(run_until(loop, [&] { return !far.ended.empty(); }));
  EXPECT_TRUE(far.ended.front());
  for (int i = 0; i < 3; ++i) there->write(bytes_of("later still"));
  settle(loop);
  EXPECT_EQ(far.ended.size(), 1U);
}

// Who has said all may still listen; that it is gone for good is news.
TEST_F(StreamTest, GoesOnWritingAfterTheOtherSideHasFinished) {
  const int descriptor = connect_raw();
  ASSERT_EQ(::shutdown(descriptor, SHUT_WR), 0);
  ASSERT_TRUE(run_until(loop, [&] { return far.ended.size() == 1; }));
  EXPECT_TRUE(is_end_of_stream(far.ended[0]));
  there->write(bytes_of("answer"));
  std::array<char, 6> answer{};
  ASSERT_EQ(::recv(descriptor, answer.data(), answer.size(), MSG_WAITALL), 6);
  EXPECT_EQ(std::string_view(answer.data(), 6), "answer");
  reset(descriptor);
  settle(loop);
  there->write(bytes_of("more"));
  there->write(bytes_of("more"));
  ASSERT_TRUE(run_until(loop, [&] { return far.ended.size() == 2; }));
  EXPECT_FALSE(is_end_of_stream(far.ended[1]));
  settle(loop);
  EXPECT_EQ(far.ended.size(), 2U);
}

TEST_F(StreamTest, IsDestroyedWithWritesQueued) {
  connect();
  there->stop_reading();
  const auto owner = std::make_shared<std::vector<std::uint8_t>>(noise_of(16 * 1024 * 1024));
  here->write({}, *owner, owner);
  here->write({}, *owner, owner);
  settle(loop);
  ASSERT_GT(here->queued(), 0U);
  EXPECT_EQ(owner.use_count(), 3);
  const std::size_t written = ear.written;
  here.reset();
  ASSERT_TRUE(run_until(loop, [&] { return owner.use_count() == 1; }));
  EXPECT_EQ(ear.written, written);
  EXPECT_TRUE(ear.ended.empty());
}

TEST_F(StreamTest, IsDestroyedWhileItConnects) {
  here = std::make_unique<Stream>(loop, Stream::Family::tcp);
  here->listen_to(ear);
  here->connect(listener.local());
  here.reset();
  settle(loop);
  EXPECT_TRUE(ear.connected.empty() && ear.ended.empty());
}

TEST_F(StreamTest, IsDestroyedWhileAFailureIsToBeReported) {
  here = std::make_unique<Stream>(loop, Stream::Family::tcp);
  here->listen_to(ear);
  here->connect(Endpoint()); // refused at once
  here.reset();
  settle(loop);
  EXPECT_TRUE(ear.connected.empty() && ear.ended.empty());
}

TEST_F(StreamTest, SaysOnlyLaterThatAConnectionIsRefused) {
  const Endpoint nobody = Listener(loop, loopback(), accept()).local();
  settle(loop); // its listener is closed by now
  here = std::make_unique<Stream>(loop, Stream::Family::tcp);
  here->listen_to(ear);
  here->connect(nobody);
  EXPECT_TRUE(ear.connected.empty());
  ASSERT_TRUE(run_until(loop, [&] { return !ear.connected.empty(); }));
  EXPECT_EQ(ear.connected, std::vector{error(UV_ECONNREFUSED)});
  settle(loop);
  EXPECT_EQ(ear.connected.size(), 1U);
  EXPECT_TRUE(ear.ended.empty());
}

// What the system refuses without trying: the caller is still in its constructor, maybe.
TEST_F(StreamTest, SaysOnlyLaterThatAnAddressCannotBeDialled) {
  for (const Endpoint& impossible : {*Endpoint::parse("224.0.0.1:7440"), Endpoint()}) {
    ear.connected.clear();
    here = std::make_unique<Stream>(loop, Stream::Family::tcp);
    here->listen_to(ear);
    here->connect(impossible);
    EXPECT_TRUE(ear.connected.empty()) << impossible.text();
    ASSERT_TRUE(run_until(loop, [&] { return !ear.connected.empty(); }));
    EXPECT_EQ(ear.connected.size(), 1U);
    EXPECT_TRUE(ear.connected.front());
    EXPECT_TRUE(ear.ended.empty());
  }
}

TEST_F(StreamTest, MayBeRetiredFromItsOwnEnd) {
  connect();
  Calling free_it([&] { there.reset(); });
  Deferred retire(loop, free_it);
  far.when_ended = [&] { retire.schedule(); };
  here.reset();
  EXPECT_TRUE(run_until(loop, [&] { return there == nullptr; }));
}

} // namespace
} // namespace p2pd::io
