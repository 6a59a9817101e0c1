#include "daemon/control/transfer_commands.hpp"
#include "proto/control/commands.hpp"

#include <gtest/gtest.h>

namespace p2pd::control {
namespace {

using transfer::Stage;
using transfer::TransferRow;
using transfer::TransferState;

// A row as `transfers` shows it, which the command table has to describe.
Value shown(const TransferRow& row) {
  const Value value = transfer_value(row);
  EXPECT_EQ(misfit(*proto::find_command("fetch")->event, value), std::nullopt);
  return value;
}

TEST(TransferValue, FitsTheCommandTableInEveryState) {
  for (const TransferState state :
       {TransferState::queued, TransferState::running, TransferState::paused, TransferState::done,
        TransferState::failed})
    for (const Stage stage :
         {Stage::locate, Stage::manifest, Stage::prepare, Stage::fetch, Stage::finish}) {
      TransferRow row;
      row.state = state;
      row.stage = stage;
      EXPECT_EQ(shown(row)["state"].text(), to_text(state));
      EXPECT_EQ(shown(row)["stage"].text(), to_text(stage));
    }
}

TEST(TransferValue, TellsWhenItWillBeDone) {
  TransferRow row;
  row.state = TransferState::running;
  row.size = 1000;
  row.done_bytes = 400;
  EXPECT_TRUE(shown(row)["eta_s"].is_null()) << "nothing moves";
  row.rate = 100;
  EXPECT_DOUBLE_EQ(shown(row)["eta_s"].real(), 6.0);
  row.state = TransferState::done;
  EXPECT_TRUE(shown(row)["eta_s"].is_null());
}

TEST(TransferValue, WhatThereIsNotIsNull) {
  TransferRow row;
  for (const char* key : {"error", "kept", "warning", "hook"})
    EXPECT_TRUE(shown(row)[key].is_null()) << key;
  row.failure.message = "no space";
  row.kept = "/srv/film (p2pd's)";
  row.warning = "others claim its name";
  row.hook = "it ran";
  row.path = "/srv/\xff";
  row.shares.push_back({{}, "nas", 12});
  const Value value = shown(row);
  EXPECT_EQ(value["error"].text(), "no space");
  EXPECT_EQ(value["kept"].text(), "/srv/film (p2pd's)");
  EXPECT_EQ(value["warning"].text(), "others claim its name");
  EXPECT_EQ(value["hook"].text(), "it ran");
  EXPECT_EQ(value["path"].text(), "/srv/\xff") << "whatever bytes a path has";
  EXPECT_EQ(value["sources_detail"].array().at(0)["bytes"].natural(), 12U);
}

} // namespace
} // namespace p2pd::control
