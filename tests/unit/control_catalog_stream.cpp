#include "daemon/control/catalog_stream.hpp"
#include "proto/control/commands.hpp"
#include "tests/unit/control_recorded_call.hpp"
#include "tests/unit/io_fixture.hpp"

namespace p2pd::control {
namespace {

class CatalogStreamTest : public testing::Test {
 protected:
  // Pages of so many rows, numbered from one to the next.
  CatalogStreams::Ask pages(std::size_t count, std::size_t rows_each) {
    return [=, this](const std::string& cursor, const CatalogStreams::Take& take) {
      ++asked;
      const std::size_t page = cursor.empty() ? 0 : std::stoul(cursor);
      CatalogPage answer;
      for (std::size_t i = 0; i < rows_each; ++i)
        answer.rows.emplace_back().size = page * rows_each + i;
      for (proto::CatalogEntry& row : answer.rows) row.chunk_size = 65'536;
      if (page + 1 < count) answer.next = std::to_string(page + 1);
      take(std::move(answer));
    };
  }
  void take(const Value& body) {
    for (const Value& file : body["files"].array()) EXPECT_EQ(file["size"].natural(), rows++);
  }
  // The events and the answer hold every row once, in order; returns how many.
  std::uint64_t rows_of(const RecordedCall& call) {
    rows = 0;
    for (const Value& event : call.events) take(event);
    if (call.result) take(*call.result);
    return rows;
  }

  io::Loop loop;
  CatalogStreams streams{loop};
  std::shared_ptr<RecordedCall> call = recorded_call();
  std::size_t asked = 0;
  std::uint64_t rows = 0;
};

TEST_F(CatalogStreamTest, ASmallCatalogIsTheAnswer) {
  streams.start(call, pages(3, 100));
  ASSERT_TRUE(io::run_until(loop, [&] { return call->answered(); }));
  EXPECT_TRUE(call->events.empty());
  EXPECT_EQ(rows_of(*call), 300U);
  EXPECT_EQ((*call->result)["warning"].text(), "");
  EXPECT_EQ(misfit(*proto::find_command("files")->result, *call->result), std::nullopt);
  loop.run();
}

TEST_F(CatalogStreamTest, ALargeOneComesInParts) {
  streams.start(call, pages(60, 200));
  ASSERT_TRUE(io::run_until(loop, [&] { return call->answered(); }));
  EXPECT_GT(call->events.size(), 10U);
  for (const Value& event : call->events) EXPECT_LE(event["files"].array().size(), 500U);
  EXPECT_EQ(misfit(*proto::find_command("files")->event, call->events.front()), std::nullopt);
  EXPECT_EQ(rows_of(*call), 12'000U);
  loop.run();
}

TEST_F(CatalogStreamTest, NothingIsReadForAClientThatDoesNot) {
  call->slow = true;
  streams.start(call, pages(1000, 200));
  ASSERT_TRUE(
      io::run_until(loop, [&] { return asked > 50; })); // 10,000 rows are kept for an answer
  io::settle(loop);
  EXPECT_EQ(asked, 51U);
  call->slow = false;
  ASSERT_TRUE(io::run_until(loop, [&] { return asked > 60; }));
  call->left = true;
  const std::size_t before = asked;
  io::settle(loop);
  EXPECT_LE(asked, before + 1);
  EXPECT_FALSE(call->answered());
  loop.run();
}

TEST_F(CatalogStreamTest, TellsWhatMayBeMissing) {
  streams.start(call, [](const std::string&, const CatalogStreams::Take& take) {
    take({{}, "", "tracker t2 is silent"});
  });
  ASSERT_TRUE(io::run_until(loop, [&] { return call->answered(); }));
  EXPECT_EQ((*call->result)["warning"].text(), "tracker t2 is silent");
  loop.run();
}

} // namespace
} // namespace p2pd::control
