#include "daemon/state/state_schema.hpp"
#include "daemon/state/text_list.hpp"
#include "state_fixture.hpp"

namespace p2pd::state {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

using StateSchemaTest = StateStoreTest;

TEST_F(StateSchemaTest, MigratesFromNothing) {
  store_ = nullptr;
  for (const char* file : {"state.db", "state.db-wal", "state.db-shm"}) fs::remove(at(file));
  {
    Database database(path());
    EXPECT_EQ(database.number("PRAGMA user_version"), 0);
    migrate(database);
    EXPECT_EQ(database.number("PRAGMA user_version"), present_version());
    migrate(database); // nothing to do
  }
  EXPECT_TRUE(reopened().library.empty());
}

// Version 7 had one element a line, as it was.
TEST_F(StateSchemaTest, ReadsTheListsOfAnOlderVersion) {
  change([&] {
    store_->put_library(shared(1, "/share/1", "one", true), {}, view("manifest"));
    store_->put_transfer(transfer(7));
    store_->remove_part(8, "/d/name", content(8), {});
    store_->put_peer({peer(1), "name", {}, 1});
  });
  store_ = nullptr;
  Database(path()).run(R"(
    UPDATE library SET only = CAST('\[a].txt' || char(10) || 'b' || char(10) AS BLOB);
    UPDATE removals SET only = CAST('\n' || char(10) AS BLOB);
    UPDATE transfers SET options = CAST('force' || char(10) || 'only \\' || char(10) AS BLOB);
    UPDATE peers SET addresses = 'a:1' || char(10) || 'b:2' || char(10);
    PRAGMA user_version = 7;)");
  const State state = reopened();
  EXPECT_EQ(state.library.at(0).only, (std::vector<std::string>{"\\[a].txt", "b"}));
  EXPECT_EQ(state.removals.at(0).only, std::vector<std::string>{"\\n"});
  EXPECT_EQ(split_lines(state.transfers.at(0).options),
            (std::vector<std::string>{"force", "only \\\\"}));
  EXPECT_EQ(state.peers.at(0).addresses, (std::vector<std::string>{"a:1", "b:2"}));
}

TEST_F(StateSchemaTest, RefusesANewerVersion) {
  store_ = nullptr;
  { Database(path()).run("PRAGMA user_version = 99"); }
  try {
    const StateStore store(path());
    FAIL();
  } catch (const SqlError& error) {
    EXPECT_TRUE(error.fault.is(EPROTO));
    EXPECT_NE(error.fault.message.find("was written by a newer p2pd (version 99"),
              std::string::npos);
  }
  EXPECT_EQ(Database(path()).number("PRAGMA user_version"), 99);
}

} // namespace
} // namespace p2pd::state
