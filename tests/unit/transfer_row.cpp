#include "daemon/transfer/transfer_row.hpp"

#include <ctime>
#include <gtest/gtest.h>

namespace p2pd::transfer {
namespace {

TransferRow full_row() {
  TransferRow row;
  row.request.id = 7;
  row.request.content.bytes.fill(0xaa);
  row.request.name = "film";
  row.request.destination = "/srv/films/";
  row.request.force = row.request.in_order = row.request.no_wait = row.request.repair =
      row.request.unattended = true;
  row.request.publisher.emplace().bytes.fill(3);
  row.request.from = {"nas", "10.0.0.1:7440"};
  row.request.only = {"*.mkv", "only a\nline feed", "from here"};
  row.state = TransferState::failed;
  row.size = 1000;
  row.done_bytes = 400;
  row.path = "/srv/films/film";
  row.failure = {proto::ExitCode::not_found, "nobody has it", "ask again"};
  row.hook = "it failed with exit code 1";
  return row;
}

TEST(TransferRow, OutlivesARestart) {
  const TransferRow before = full_row();
  const TransferRow after = row_of(record_of(before));
  EXPECT_EQ(after.request.id, before.request.id);
  EXPECT_EQ(after.request.content, before.request.content);
  EXPECT_EQ(after.request.name, before.request.name);
  EXPECT_EQ(after.request.destination, before.request.destination);
  for (const auto flag :
       {&TransferRequest::force, &TransferRequest::in_order, &TransferRequest::no_wait,
        &TransferRequest::repair, &TransferRequest::unattended})
    EXPECT_TRUE(after.request.*flag);
  EXPECT_EQ(after.request.publisher, before.request.publisher);
  EXPECT_EQ(after.request.from, before.request.from);
  EXPECT_EQ(after.request.only, before.request.only) << "whatever is in a glob";
  EXPECT_EQ(after.state, before.state);
  EXPECT_EQ(after.size, before.size);
  EXPECT_EQ(after.done_bytes, before.done_bytes);
  EXPECT_EQ(after.path, before.path);
  EXPECT_EQ(after.failure.message, before.failure.message);
  EXPECT_EQ(after.hook, before.hook);
}

TEST(TransferRow, KeepsEachFlagByItself) {
  for (const auto flag :
       {&TransferRequest::force, &TransferRequest::in_order, &TransferRequest::no_wait,
        &TransferRequest::repair, &TransferRequest::unattended}) {
    TransferRow row;
    row.request.*flag = true;
    const TransferRequest after = row_of(record_of(row)).request;
    EXPECT_TRUE(after.*flag);
    EXPECT_EQ(after.force + after.in_order + after.no_wait + after.repair + after.unattended, 1);
    EXPECT_FALSE(after.publisher);
    EXPECT_TRUE(after.from.empty());
  }
}

TEST(TransferRow, KeepsTheTimesOfDay) {
  using std::chrono::seconds;
  TransferRow row;
  row.started = io::Clock::now() - seconds(3600);
  EXPECT_NEAR(static_cast<double>(record_of(row).started),
              static_cast<double>(std::time(nullptr) - 3600), 2);
  EXPECT_EQ(record_of(row).ended, 0) << "it has not ended";
  EXPECT_EQ(row_of(record_of(row)).ended, io::Time{});
  const auto moved = row_of(record_of(row)).started - row.started;
  EXPECT_LE(std::chrono::abs(moved), seconds(2));
}

TEST(TransferRow, OnlyOneThatIsDoneIsOverForGood) {
  TransferRow row;
  using enum TransferState;
  for (const TransferState state : {queued, running, paused, done, failed}) {
    row.state = state;
    EXPECT_EQ(record_of(row).over, state == done)
        << to_text(state) << ": a failed one can be resumed";
    EXPECT_EQ(row_of(record_of(row)).state, state);
  }
}

TEST(TransferRow, AStateOfALaterVersionIsAFailure) {
  state::TransferRecord record = record_of(TransferRow{});
  record.state = 200;
  record.options = "force\nof-a-later-version";
  const TransferRow row = row_of(record);
  EXPECT_EQ(row.state, TransferState::failed);
  EXPECT_TRUE(row.request.force);
}

} // namespace
} // namespace p2pd::transfer
