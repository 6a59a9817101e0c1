#include "daemon/state/state_db.hpp"

#include "disk_fixture.hpp"
#include "tests/unit/io_fixture.hpp"

#include <csignal>
#include <sys/wait.h>

namespace p2pd::state {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

using Durable = StateDb::Durable;
using proto::view;

class StateDbTest : public DiskTest {
 protected:
  std::string path() const { return at("state.db"); }

  void close(StateDb& db) {
    bool closed = false;
    db.close([&] { closed = true; });
    loop_.run();
    EXPECT_TRUE(closed && db.idle());
  }
  // The values another process finds.
  std::map<std::string, proto::Bytes> values() const { return StateStore(path()).load().values; }

  static StateDb::Change set(std::string key) {
    return [key = std::move(key)](StateStore& store) { store.set_value(key, view("value")); };
  }
  static void fail(StateStore&) { throw SqlError(disk::fault(EIO, "it failed")); }

  io::Loop loop_;
};

TEST_F(StateDbTest, ChangesInOrderAndAnswers) {
  StateDb db(loop_, path());
  ASSERT_TRUE(db.open().ok());
  std::vector<int> done;
  for (int i = 0; i < 100; ++i)
    db.change(
        i % 10 == 0 ? Durable::yes : Durable::no,
        [i](StateStore& store) {
          store.set_value("last", view(std::to_string(i)));
          store.set_value(std::to_string(i), view(""));
        },
        [&done, i](const disk::Outcome& outcome) {
          EXPECT_TRUE(outcome.ok());
          done.push_back(i);
        });
  std::string answer;
  db.ask([](StateStore& store) { return store.load().values; },
         [&](const disk::Result<std::map<std::string, proto::Bytes>>& values) {
           answer = proto::text(values->at("last"));
         });
  EXPECT_FALSE(db.idle());
  EXPECT_TRUE(done.empty());
  loop_.run();
  ASSERT_EQ(done.size(), 100U);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(answer, "99");
  EXPECT_TRUE(db.idle());
  close(db);
  EXPECT_EQ(values().size(), 101U);
}

TEST_F(StateDbTest, TakesMoreWhileItIsBusy) {
  StateDb db(loop_, path());
  int left = 20;
  std::function<void(const disk::Outcome&)> next = [&](const disk::Outcome& outcome) {
    EXPECT_TRUE(outcome.ok());
    if (left-- > 0) db.change(Durable::no, set("a" + std::to_string(left)), next);
  };
  ASSERT_TRUE(db.open().ok());
  next({});
  close(db);
  EXPECT_EQ(values().size(), 20U);
}

TEST_F(StateDbTest, AFailureIsItsOwn) {
  StateDb db(loop_, path());
  ASSERT_TRUE(db.open().ok());
  std::vector<bool> good;
  const auto note = [&](const disk::Outcome& outcome) { good.push_back(outcome.ok()); };
  db.change(Durable::yes, set("before"), note);
  db.change(
      Durable::yes,
      [](StateStore& store) {
        store.set_value("half", view("done"));
        fail(store);
      },
      note);
  db.change(
      Durable::yes, [](StateStore&) { throw std::runtime_error("another kind"); }, note);
  db.change(Durable::yes, set("after"), note);
  db.ask(
      [](StateStore& store) {
        fail(store);
        return 1;
      },
      [&](const disk::Result<int>& result) {
        EXPECT_EQ(result.fault().message, "it failed");
        good.push_back(false);
      });
  loop_.run();
  EXPECT_EQ(good, (std::vector{true, false, false, true, false}));
  close(db);
  const auto found = values();
  EXPECT_TRUE(found.contains("before") && found.contains("after") && !found.contains("half"));
}

TEST_F(StateDbTest, IsForTheDaemonAlone) {
  const auto others = fs::perms::group_all | fs::perms::others_all;
  const auto open_to_others = [&] {
    StateDb db(loop_, path());
    EXPECT_TRUE(db.open().ok());
    EXPECT_TRUE(fs::exists(path() + "-wal"));
    bool any = false;
    for (const auto& file : fs::directory_iterator(top_))
      any = any || (file.status().permissions() & others) != fs::perms::none;
    close(db);
    return any;
  };
  EXPECT_FALSE(open_to_others());
  fs::permissions(path(), fs::perms(0644)); // as an earlier version made it
  EXPECT_FALSE(open_to_others());
}

TEST_F(StateDbTest, SaysWhyItCannotBeOpened) {
  StateDb db(loop_, at("no/such/folder.db"));
  const auto opened = db.open();
  EXPECT_TRUE(opened.fault().is(EACCES));
  EXPECT_NE(opened.fault().message.find("no/such/folder.db"), std::string::npos);
  disk::Outcome outcome;
  db.change(Durable::no, set("key"), [&](const disk::Outcome& failed) { outcome = failed; });
  loop_.run();
  EXPECT_FALSE(outcome.ok());
}

TEST_F(StateDbTest, RefusesANewerVersionAndLeavesItAlone) {
  { Database(path()).run("PRAGMA user_version = 99"); }
  StateDb db(loop_, path());
  EXPECT_TRUE(db.open().fault().is(EPROTO));
  EXPECT_FALSE(fs::exists(path() + ".damaged"));
}

TEST_F(StateDbTest, MovesADamagedFileAside) {
  for (int i = 0; i < 2; ++i) {
    make("state.db", "this has never been a database, however long one looks at it");
    StateDb db(loop_, path());
    const auto opened = db.open();
    ASSERT_TRUE(opened.ok()) << opened.fault().message;
    EXPECT_NE(opened->warning.find("was moved to \"" + path() + ".damaged"), std::string::npos)
        << opened->warning;
    db.change(Durable::yes, set("key"));
    close(db);
    EXPECT_EQ(values().size(), 1U);
  }
  EXPECT_TRUE(fs::exists(path() + ".damaged") && fs::exists(path() + ".damaged-2"));
}

TEST_F(StateDbTest, MovesAFileAsideThatIsDamagedWithin) {
  {
    StateStore store(path());
    store.begin(true);
    for (int i = 0; i < 2000; ++i) store.set_value(std::to_string(i), view("some value or other"));
    store.commit();
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 4);
  file << random_text(static_cast<std::size_t>(fs::file_size(path())) - 4096 * 4, 1);
  file.close();
  StateDb db(loop_, path());
  const auto opened = db.open();
  ASSERT_TRUE(opened.ok()) << opened.fault().message;
  EXPECT_FALSE(opened->warning.empty());
  EXPECT_TRUE(opened->state.values.empty());
  close(db);
}

// What was committed is there after kill -9, wherever it hits, and never the later without the
// earlier.
TEST_F(StateDbTest, SurvivesBeingKilled) {
  for (unsigned round = 0; round < 10; ++round) {
    int progress[2];
    ASSERT_EQ(::pipe(progress), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      StateStore store(path());
      for (std::uint32_t i = 0;; ++i) {
        store.begin(i % 3 == 0);
        store.set_value("a", view(std::to_string(i)));
        store.commit();
        store.begin(false);
        store.set_value("b", view(std::to_string(i)));
        store.commit();
        if (::write(progress[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(progress[1]);
    std::uint32_t last = 0;
    for (unsigned i = 0; i <= round * 7; ++i)
      ASSERT_EQ(::read(progress[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(progress[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
    }
    ::close(progress[0]);
    const auto found = values();
    const unsigned long a = std::stoul(std::string(proto::text(found.at("a"))));
    const unsigned long b = std::stoul(std::string(proto::text(found.at("b"))));
    EXPECT_GE(b, last);
    EXPECT_TRUE(a == b || a == b + 1) << a << " and " << b;
  }
}

} // namespace
} // namespace p2pd::state
