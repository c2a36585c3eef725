"""An environment for point-in-time recoveries: a pool of some age, and short ways to ask for one."""

from __future__ import annotations

from datetime import UTC, datetime

from support.pool_env import PoolEnv

HOUR = 3600
DAY = 24 * HOUR
START = 2_000_000_000
GENERATED, COMPLETED = "PREVIEW_GENERATED", "RESTORE_COMPLETED"


class RecoveryEnv(PoolEnv):
    """The clock stands at START when the pool is created. `now` is counted from there, in seconds."""

    def __init__(self, cognito, **pool):
        cognito.clock.set(START)
        super().__init__(cognito, **pool)
        self.now = 0

    def wait(self, seconds):
        """Moves the clock to exactly so many seconds after the last time that was set."""
        self.now += seconds
        self.cognito.clock.set(START + self.now)
        return self.now

    def initiate(self, point, pool_id=None):
        """Initiates a recovery to a point, in seconds after START, at the time that was set last."""
        self.wait(0)
        answer = self.idp.initiate_point_in_time_recovery(
            UserPoolId=pool_id or self.pool_id,
            RestoreTimestamp=datetime.fromtimestamp(START + point, UTC),
        )
        return answer["Restoration"]

    def previewed(self, point):
        """Initiates a recovery and waits for its preview: the id, and entity → (creates, updates, deletes)."""
        restore_id = self.initiate(point)["RestoreId"]
        self.wait(10)
        return restore_id, self.counts(restore_id)

    def recovered(self, point):
        """Recovers to a point and waits for the end."""
        restore_id, counts = self.previewed(point)
        self.start(restore_id)
        self.wait(10)
        assert self.described(restore_id)["RestoreStatus"] == COMPLETED
        return counts

    def described(self, restore_id):
        answer = self.idp.describe_point_in_time_recovery(UserPoolId=self.pool_id, RestoreId=restore_id)
        return answer["Restoration"]

    def counts(self, restore_id):
        return {
            each["Entity"]: (each["CreateCount"], each["UpdateCount"], each["DeleteCount"])
            for each in self.described(restore_id)["RestorePreview"]
        }

    def start(self, restore_id):
        answer = self.idp.start_point_in_time_recovery(UserPoolId=self.pool_id, RestoreId=restore_id)
        return answer["Restoration"]

    def cancel(self, restore_id):
        answer = self.idp.cancel_point_in_time_recovery(UserPoolId=self.pool_id, RestoreId=restore_id)
        return answer["Restoration"]

    def names(self):
        return {each["Username"] for each in self.idp.list_users(UserPoolId=self.pool_id)["Users"]}

    def groups_of(self, username="ada"):
        answer = self.idp.admin_list_groups_for_user(UserPoolId=self.pool_id, Username=username)
        return {each["GroupName"] for each in answer["Groups"]}

    def join(self, group, username="ada"):
        self.idp.admin_add_user_to_group(UserPoolId=self.pool_id, Username=username, GroupName=group)

    def make_group(self, name, **more):
        self.idp.create_group(UserPoolId=self.pool_id, GroupName=name, **more)

    def delete(self, username="ada"):
        self.idp.admin_delete_user(UserPoolId=self.pool_id, Username=username)
