// # A payment that is refused
//
// Two children pay from one account, which has 100: each first 60, then
// 60 again, then 30. A payment for which there is not enough is refused
// and changes nothing. So in the end 60 and 30 are paid, by whichever
// child, and main prints:
//
//     balance 10
//
// A payment looks at the balance, and then takes the money. Nobody may
// look or take in between: the lock of the account is held for both.
// `takes` needs `seconds` for its work. Write your part: the function
// `pay`. It calls `look`, and where there is enough, `takes`.

#include "lesson.h"

struct account {
    mp_lock lock;
    int balance;
};

struct spend_args {
    struct account *account;
    double seconds;
};

// `mp_trace` tells the checker who has the lock at that moment.
static int look(struct account *account)
{
    printf("looks\n");
    mp_trace("looks", account->balance);
    return account->balance;
}

static void takes(struct account *account, int amount, double seconds)
{
    printf("takes %d\n", amount);
    mp_trace("takes", amount);
    int balance = account->balance;
    time_sleep(seconds);
    account->balance = balance - amount;
}

static void pay(struct account *account, int amount, double seconds)
{
    // ---- your part
    if (look(account) >= amount) {
        takes(account, amount, seconds);
    }
    // ---- end of your part
}

static int spend(void *args)
{
    const struct spend_args *given = args;
    pay(given->account, 60, given->seconds);
    pay(given->account, 60, given->seconds);
    pay(given->account, 30, given->seconds);
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 0.1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct account *account = mp_value(struct account, .balance = 100);
    check(account);
    struct spend_args args = { account, seconds };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = spend, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("balance %d\n", account->balance);
    mp_shm_free(account);
}
