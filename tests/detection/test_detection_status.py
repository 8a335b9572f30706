"""Did it happen: each kind of scope, with an act that every reader of the shipped rules would find."""

from datetime import UTC, date, datetime

import pytest

from detection.coder import Coder
from detente.models import Mention, Status

JUNE_10 = datetime(2026, 6, 10, 12, tzinfo=UTC)
FIGHTING, ASKED, RELATIONS = "escalation.fighting", "mediation.requested", "escalation.relations_reduced"


def found(coder: Coder, text: str, cls: str) -> list[Mention]:
    return [mention for mention in coder.code(text, JUNE_10) if mention.cls == cls]


def check(coder: Coder, text: str, cls: str, status: Status) -> None:
    mentions = found(coder, text, cls)
    assert [mention.status for mention in mentions] == [status], [mention.why for mention in mentions]


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Iran fired missiles at Israel.", FIGHTING),
        ("Iran made good on its threat to fire missiles at Israel.", FIGHTING),
        ("Villagers who belonged to the sect had been massacred by rebels in Mali.", "escalation.mass_violence"),
        ("Chad carried out on Monday its plan to expel the French ambassador.", RELATIONS),
        ("Chadian soldiers fought them off near Abeche.", FIGHTING),
        ("Chadian police enforced a curfew declared by the governor.", "escalation.coercion"),
        ("Chad left the pact after weeks of talks with a Sudanese envoy.", "talks.held"),
        ("A truce was reached, Chad said, after six hours of talks with Sudan.", "talks.held"),
        ("Not only did Iran recall its envoy, it fired missiles at Israel.", FIGHTING),
        ("No fewer than ten missiles were fired at Israel by Iran.", FIGHTING),
        ("Without warning, Iran fired missiles at Israel.", FIGHTING),
        ("In retaliation for the raid, Iran fired missiles at Israel.", FIGHTING),
        ("In its largest attack since 2022, Iran fired missiles at Israel.", FIGHTING),
        ("Iran, which denies seeking the bomb, fired missiles at Israel.", FIGHTING),
        ("Iran denied the charge, and its army fired missiles at Israel.", FIGHTING),
        ("The army, which will hold a parade in May, fired missiles at Israel.", FIGHTING),
        ("The guards, founded in 1979, fired missiles at Israel.", FIGHTING),
        ("Egypt suspended the 1979 Camp David treaty with Israel.", RELATIONS),
        ("Chad expelled the French ambassador.", RELATIONS),
        ("Iran fired missiles at Israel, says a report, and its fleet lies off Haifa.", FIGHTING),
        ("Iran fired missiles at Israel as an earthquake shook Haifa.", FIGHTING),
        ("Two men who were held in March were freed on Monday by Chad.", "deescalation.release"),
        ("Two nurses who were kidnapped by rebels in Chad were freed overnight.", "deescalation.release"),
        ('A general told a paper in Chad: "After days of tough talks, we freed the hostages."', "deescalation.release"),
        ("The planned peace talks of Chad and Sudan have been put off.", "talks.halted"),
        ("Delegates of Chad arrived on Sunday in Bamako to meet with the generals of Mali.", "talks.held"),
        (
            "Paris said that it sought the quick release of its two pilots and that talks were under way with Chad.",
            "talks.held",
        ),
        ("Villages shelled by Chad's army overnight", FIGHTING),
        ("The radio reported, citing a police source, that Iran had fired missiles at Israel.", FIGHTING),
        ("It was the first time that Iran fired missiles at Israel.", FIGHTING),
        ("Farmers were ploughing when Iran fired missiles at Israel.", FIGHTING),
        ("Iran, angered by a resolution that criticised its record, recalled its envoy from Vienna.", RELATIONS),
        ("Since Sunday, when the truce ended, Iran has fired missiles at Israel.", FIGHTING),
        ("The raids, in which jets took part, destroyed a village in Chad.", FIGHTING),
        ("Backed by Chad, the rebels began an operation to storm an army base in Sudan.", FIGHTING),
        ("A convoy escorted by French soldiers was attacked by rebels in Chad.", FIGHTING),
        ("Police found three men shot by rebels in Chad.", "escalation.assault"),
        ("Chad's army said on Monday rebels attacked in the north.", FIGHTING),
        ("Chad's jets have bombed forty villages of Sudan since Monday.", FIGHTING),
        ("Pezeshkian orders strikes on Israel, Iran's radio said.", FIGHTING),
        ("Chad has not signed the pact, and its jets bombed a village in Sudan.", FIGHTING),
        ("The nurse is the first victim in Chad since May when rebels shot her dead.", FIGHTING),
        ("Togo will recognise the general and says that the siege of Abeche by Chad's army has begun.", FIGHTING),
        ("Iran denied any role in the plot and fired missiles at Israel.", FIGHTING),
        ("Iran, described by Paris as a threat to peace, has fired missiles at Israel.", FIGHTING),
        ("Iran dismissed criticism over the note and fired missiles at Israel.", FIGHTING),
        (
            "Chad's premier announced late on Sunday that a rebel had been killed and six men are charged.",
            "escalation.assault",
        ),
        ("Chad said on June 9 it had shot down a drone of Sudan, causing the cancellation of a visit.", FIGHTING),
        ("Chad's jets have bombed a village in Sudan for the first time since the war.", FIGHTING),
        ("Chad said it had bombed a village in Sudan after a raid, which was the first this year.", FIGHTING),
        (
            "Sudan this week began sending troops to its border with Chad to back the governor.",
            "escalation.mobilisation",
        ),
        ("Iran has acknowledged that it fired missiles at Israel.", FIGHTING),
        ("Chad's police have since jailed nine monks.", "escalation.coercion"),
        ("Iran has denounced the plan, threatening to bomb a base of Israel.", "escalation.threat"),
        ("Iran opposes the plan and will take retaliatory measures against Israel.", "escalation.threat"),
        (
            "The mayor said that burning the crops of rebels helped, and Chad's jets bombed a village in Sudan.",
            FIGHTING,
        ),
        ("Iran warned that it would turn Haifa into a sea of fire.", "escalation.threat"),
        ("A suicide bombing shocked Ndjamena in Chad on Sunday.", "escalation.assault"),
        ("The seizure of a tanker by Chad angered Sudan.", "escalation.coercion"),
        ("A member of a group opposed to the rebels was shot dead in Chad.", FIGHTING),
        ("The United Nations told Chad to withdraw or face military action.", "escalation.threat"),
    ],
)
def test_reported(coder: Coder, text: str, cls: str) -> None:
    check(coder, text, cls, Status.REPORTED)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Iran did not fire missiles at Israel.", FIGHTING),
        ("Instead of sending jets to bomb the rebels, Chad fed its soldiers.", FIGHTING),
        ("No missiles were fired at Israel by Iran.", FIGHTING),
        ("Neither Iran nor Iraq has fired missiles at Israel.", FIGHTING),
        ("Iran denied that it had fired missiles at Israel.", FIGHTING),
        ("Iran denied having fired missiles at Israel.", FIGHTING),
        ("Iran dismissed as absurd claims that it had fired missiles at Israel.", FIGHTING),
        ("The report that Iran fired missiles at Israel is untrue.", FIGHTING),
        ("It is not true that Iran fired missiles at Israel.", FIGHTING),
        ("Iran refrained from firing missiles at Israel.", FIGHTING),
        ("Chad stopped short of expelling the French ambassador.", RELATIONS),
        ("Chad did not agree to expel the French ambassador.", RELATIONS),
        ("Chad has no plans to expel the French ambassador.", RELATIONS),
        ("At no time did Chad decide to expel the French ambassador.", RELATIONS),
        ("Chad never asked Egypt to mediate.", ASKED),
        ("Chad expelled no French ambassador.", RELATIONS),
        ("Chad's jets did not try to shoot down the Sudanese drones.", FIGHTING),
        ("The treaty bans Iran from launching missiles at Israel.", FIGHTING),
        ("Chad has not recalled its envoy or fired missiles at Sudan.", FIGHTING),
        ("Chad and Sudan met in Oslo, but a peace agreement has yet to be reached.", "deescalation.agreement"),
    ],
)
def test_denied(coder: Coder, text: str, cls: str) -> None:
    check(coder, text, cls, Status.DENIED)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Chad could expel the French ambassador.", RELATIONS),
        ("Chad is considering whether to expel the French ambassador.", RELATIONS),
        ("Lawmakers urged Chad to expel the French ambassador.", RELATIONS),
        ("Lawmakers demanded that Chad expel the French ambassador.", RELATIONS),
        ("There are fears that Chad will expel the French ambassador.", RELATIONS),
        ("If the talks fail, Chad will expel the French ambassador.", RELATIONS),
        ("Will Chad expel the French ambassador?", RELATIONS),
        ("Should Chad expel the French ambassador, Paris would answer.", RELATIONS),
        ("The ministry could not confirm that Chad had expelled the French ambassador.", RELATIONS),
        ("Chad would be the first to expel the French ambassador.", RELATIONS),
        ("Inspectors are weighing claims that Iran fired missiles at Israel.", FIGHTING),
        ("Britain has no evidence that Iran fired missiles at Israel.", FIGHTING),
        ("Chad's rulers are not keen to bomb the camps of Sudan's rebels.", FIGHTING),
        ("A law lets Chad expel the Sudanese ambassador.", RELATIONS),
        ("A battery designed to track planes and intercept missiles stands in Israel.", FIGHTING),
        ("Air raid sirens sounded in Kyiv.", FIGHTING),
        ("The siege of Goma could end in a bloodbath.", "escalation.mass_violence"),
        ("As they fear they will be killed by rebels in Chad, herders stay in Sudan.", FIGHTING),
        ("The bomber had intended to attack a barracks in Chad.", FIGHTING),
        ("The envoy has seen evidence that Chad shelled villages in Sudan.", FIGHTING),
        ("The raids have dented their ability to unleash suicide bombings in Chad.", "escalation.assault"),
        ("The crash ended the belief that Chad had won the war against rebels.", FIGHTING),
        ("Police attempts to lob tear gas into the compound in Chad failed.", FIGHTING),
    ],
)
def test_hypothetical(coder: Coder, text: str, cls: str) -> None:
    check(coder, text, cls, Status.HYPOTHETICAL)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Chad will expel the French ambassador.", RELATIONS),
        ("Chad is going to expel the French ambassador.", RELATIONS),
        ("Chad is to expel the French ambassador on Friday.", RELATIONS),
        ("Chad has decided to expel the French ambassador.", RELATIONS),
        ("Chad's president said that he would expel the French ambassador.", RELATIONS),
        ("Chad to expel French ambassador", RELATIONS),
        ("Chad set to expel French ambassador", RELATIONS),
        ("Chad will ask Egypt to mediate.", ASKED),
        ("Chad's premier will meet rebel leaders at a lodge on Monday to discuss a truce.", "talks.held"),
    ],
)
def test_planned(coder: Coder, text: str, cls: str) -> None:
    check(coder, text, cls, Status.PLANNED)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("In 1991 Iraq fired missiles at Israel.", FIGHTING),
        ("Iraq fired missiles at Israel in January 1991.", FIGHTING),
        ("Thirty-five years ago Iraq fired missiles at Israel.", FIGHTING),
        ("In the 1980s Iraq fired missiles at Iran.", FIGHTING),
        ("A general who once bombed rebels in Chad is now a deputy.", FIGHTING),
        ("Soviet troops fired missiles at Afghan villages.", FIGHTING),
        ("In December Chad expelled the French ambassador.", RELATIONS),
        ("Chad's army shelled a town of Sudan in the 2010 war.", FIGHTING),
    ],
)
def test_historical(coder: Coder, text: str, cls: str) -> None:
    check(coder, text, cls, Status.HISTORICAL)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Relatives of those killed when Iran fired missiles at Israel met the minister.", FIGHTING),
        ("Two weeks after Iran fired missiles at Israel, the schools opened.", FIGHTING),
        ("Prices have doubled since Iran fired missiles at Israel.", FIGHTING),
        ("The base at which Iran had fired missiles is open again.", FIGHTING),
        ("The rebel leader, deposed in a coup and expelled by Chad, appealed for calm in N'Djamena.", None),
        ("Ten parties, including one banned by Chad for treason, signed a letter to the army.", None),
        ("Chad's minister said late Sunday captured Sudanese rebels have refused to eat.", FIGHTING),
        ("Norway gave Chad radios to help it patrol the border of Sudan and attack rebels.", None),
        ("Chad and Sudan met to discuss joint patrols along the border.", "escalation.mobilisation"),
        ("Chad's party says the army crackdown on its rallies shows that the premier is afraid.", None),
        ("Sudan's premier said that bombing villages in Chad was no answer.", None),
        ("The premier accused Chad of terror for boarding a ship and killing soldiers who were on it.", None),
        ("Chad declined to comment on reports from Sudan, where nine rebels were jailed.", "escalation.coercion"),
        ("Spain condemned the state of a town in Chad where soldiers, it says, burned homes.", "escalation.coercion"),
        ("Oxfam fed families displaced by Boko Haram attacks around the lake in Chad, where farmers starve.", None),
        ("Activists in Paris called for sanctions on Chad.", None),
        ("Chad's premier warned against using the army on the border of Sudan.", None),
        ("France condemned Chad for expelling the French ambassador.", RELATIONS),
        ("In the film, Iran fired missiles at Israel.", None),
        ("The pipeline bombed by rebels in Chad is pumping again.", FIGHTING),
        ("Norwegian volunteers rebuilt huts shelled by Chad's army.", FIGHTING),
        ("A mosque in Chad, bombed by rebels in the war, has been rebuilt.", FIGHTING),
        ("He spoke at a funeral for soldiers who were killed in Chad.", "escalation.fighting"),
        ("Spain paid tribute to the commuters murdered in Madrid.", "escalation.assault"),
        ("Prisoners who were captured by the rebels of Chad had come home.", "escalation.coercion"),
        ("The Security Council held a session on the invasion of Kuwait.", FIGHTING),
        ("Chad's jets have bombed forty villages of Sudan since the invasion.", FIGHTING),
        ("Norway ignored appeals to free the nurse, jailed by Chad since May.", "escalation.coercion"),
        ("The bishop of Chad has been under house arrest since March.", "escalation.coercion"),
        ("Among the twelve people arrested were two judges of Chad.", "escalation.coercion"),
        ("Chad's jets have repeatedly bombed villages of Sudan.", FIGHTING),
        ("Chad's jets have bombed many villages of Sudan in recent years.", FIGHTING),
        ("Chad's jets have bombed villages of Sudan since it left the pact in 2021.", FIGHTING),
        ("Nine men of Chad have been shot dead by rebels since the coup.", "escalation.assault"),
        ("Since the army took power, Chad's jets have bombed three villages of Sudan.", FIGHTING),
        ("Chad drew criticism over bombing a village in Sudan.", FIGHTING),
        ("Rebels have murdered thousands of villagers in Chad.", "escalation.assault"),
        ("Lawyers warned that bombing a mosque in Chad could be a war crime.", FIGHTING),
        ("More than 14,000 villagers of Chad have been murdered by rebels.", "escalation.assault"),
        ("Nine judges of Chad have been murdered by rebels since October.", "escalation.assault"),
        ("Chad drew criticism for bombing a village in Sudan.", FIGHTING),
        (
            "The funeral of a general of Chad, who was slain by a suspected rebel suicide bomber, was calm.",
            "escalation.assault",
        ),
        ("Chad's army bomb-disposal squads came to the school.", FIGHTING),
        ("The rebels demanded the release of nine monks from Chadian jails, a priest said.", "escalation.coercion"),
        ("The war has driven up prices and killed nine soldiers of Chad.", FIGHTING),
        ("Chad's minister flew to Ati, already surrounded by rebels, to see its governor.", FIGHTING),
        ("Monks of Chad live on illegally occupied islands of Sudan.", FIGHTING),
        ("Chad's jets usually bomb the villages of Sudan at dawn.", FIGHTING),
        ("Critics denounced a decision to partially close the border of Chad.", "escalation.coercion"),
        ("The raid on the convoy in Chad was the deadliest of the war.", FIGHTING),
        ("Spain blamed Chad's border guards for the violent clashes.", FIGHTING),
        ("A court fined Chad for illegally bombing a village in Sudan.", FIGHTING),
        ("A monk, who spent years abroad and was jailed by Chad, dies.", "escalation.coercion"),
        ("A nurse came out of Chad alive after being held captive by rebels.", "escalation.assault"),
        ("The bishop stands in court after having been arrested by Chad.", "escalation.coercion"),
        ("Libyans spoke of little but the 2026 bombing of Tripoli.", "escalation.assault"),
        ("Oslo accused the council of idling while rebels were bombing villages in Chad.", FIGHTING),
        ("The captain is thought to have previously been killed by rebels in Chad.", FIGHTING),
        ("Chad's June 8 arrest of a bishop is on the minds of all.", "escalation.coercion"),
        ("Clashes between herders and farmers in Chad have intensified in recent months.", FIGHTING),
        ("Ati in Chad has been the scene of frequent suicide bombings.", "escalation.assault"),
        ("Seven monks have been killed by rebels in Chad in the past month.", "escalation.assault"),
        ("Chad's army has been bombing villages of Sudan during the seven-month-old civil war.", FIGHTING),
        ("Iran has repeatedly threatened to shut the strait.", "escalation.threat"),
        ("Monitors are frequently barred from Chad.", None),
        ("The air strikes on Chad have been criticised by bishops.", FIGHTING),
        ("The abduction of the nuns shocked Chad.", "escalation.assault"),
        ("The arrest of the bishop was a setback for Chad.", "escalation.coercion"),
        ("Support for suicide attacks is waning in Chad.", "escalation.assault"),
        ("Nobody in Chad speaks of the Ati massacre.", "escalation.mass_violence"),
        ("The breakdown in trade and the subsequent attack on a customs post weakened Chad.", FIGHTING),
        ("The two are thought to have carried out the attack on the barracks in Chad.", FIGHTING),
        ("The rebels - who planted a car bomb in Chad in May - want a seat in parliament.", "escalation.assault"),
        ("Villagers whose homes were burned by militiamen in Chad live in tents.", None),
        ("Condolences poured in from Chad for victims of the attack on Sudan.", FIGHTING),
        (
            "Oslo rejected on Monday any trade with Chad for the herders still being held hostage by rebels.",
            "escalation.assault",
        ),
        (
            (
                "The bishop is accused of sheltering rebels in his church in Ati for several years, of hiding "
                "dozens of rifles in its cellar, of making bombs and of attacking a barracks in Chad."
            ),
            FIGHTING,
        ),
        ("A UN report said that Chad's soldiers had tortured herders and shelled villages.", FIGHTING),
        ("Chad is one of five nations that have shelled villages in Sudan.", FIGHTING),
        ("Herders know why rebels of Chad shelled the village.", FIGHTING),
        ("Ten herders have been killed in Chad since Nov. 18.", "escalation.assault"),
        ("Chad has bombed villages in Sudan in numerous raids since late winter.", FIGHTING),
        ("Clashes with the army of Chad have become routine.", FIGHTING),
        ("Sunnis and Shiites have clashed numerous times in Chad.", FIGHTING),
        ("Prices have risen since the junta, led by a colonel, seized power in Chad.", "escalation.assault"),
        ("The police of Chad recorded 33 political murders in two years.", "escalation.assault"),
        ("A woman hurt in a Chad bombing chained herself to a prison gate.", FIGHTING),
        (
            "Chad was unwilling to pay for three monks abducted yesterday because of fears of more raids.",
            "escalation.assault",
        ),
        ("Five teachers have been killed by rebels in Chad in the past six weeks.", FIGHTING),
        ("China's threats against Taiwan are just a show, an analyst said.", "escalation.threat"),
        ("Even before Tuesday's raid it was clear that rebels had shelled the town in Chad.", FIGHTING),
        ("Sappers found one of the booby-trap bombs the rebels had hidden in Chad.", FIGHTING),
        ("Chad said it was committed to exercising restraint to avoid further hostilities with Sudan.", FIGHTING),
        ("Five years after the drought began, 300 herders have been killed by rebels in Chad.", FIGHTING),
        (
            "Herders have fled since Chad declared war on the clans, deploying tanks at the border.",
            "escalation.mobilisation",
        ),
    ],
)
def test_background(coder: Coder, text: str, cls: str | None) -> None:
    mentions = [m for m in coder.code(text, JUNE_10) if cls is None or m.cls == cls]
    assert {m.status for m in mentions} <= {Status.BACKGROUND}, [m.why for m in mentions]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("In the film, Turkey offers to mediate between Egypt and Ethiopia.", "fiction"),
        ("India's bowlers attacked England's batsmen.", "sport"),
        ("The takeover battle between India and France ended in a peace agreement.", "business"),
    ],
)
def test_other_worlds_are_told_apart(coder: Coder, text: str, what: str) -> None:
    mentions = coder.code(text, JUNE_10)
    assert {mention.status for mention in mentions} <= {Status.BACKGROUND}
    assert all(what in mention.why for mention in mentions)


@pytest.mark.parametrize(
    ("headline", "cls", "status"),
    [
        ("Iran fires missiles at Israel", FIGHTING, Status.REPORTED),
        ("IRAN FIRES MISSILES AT ISRAEL", FIGHTING, Status.REPORTED),
        ("Missiles fired at Israel", FIGHTING, Status.REPORTED),
        ("French ambassador expelled from Chad", RELATIONS, Status.REPORTED),
        ("Chad to expel French envoy", RELATIONS, Status.PLANNED),
        ("Chad denies firing missiles at Sudan", FIGHTING, Status.DENIED),
        ("Chad may expel French envoy", RELATIONS, Status.HYPOTHETICAL),
    ],
)
def test_headlines(coder: Coder, headline: str, cls: str, status: Status) -> None:
    check(coder, headline, cls, status)
    body = f"{headline}\n\nNobody in Vienna knew more on Monday."
    assert [m.start < len(headline) and m.end <= len(headline) for m in found(coder, body, cls)] == [True]


def test_the_reason_names_the_words_that_decided(coder: Coder) -> None:
    for text, words in (
        ("Chad stopped short of expelling the French ambassador.", "'short of'"),
        ("Lawmakers urged Chad to expel the French ambassador.", "'urged'"),
        ("In 1991 Iraq fired missiles at Israel.", "1991"),
    ):
        assert [words in mention.why for mention in coder.code(text, JUNE_10)] == [True]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Chad expelled the French ambassador on Monday.", date(2026, 6, 8)),
        ("Chad will expel the French ambassador on Monday.", date(2026, 6, 15)),
        ("Chad will expel the French ambassador on Wednesday.", date(2026, 6, 10)),
        ("Chad will expel the French ambassador tomorrow.", date(2026, 6, 11)),
        ("Chad will expel the French ambassador on 20 June.", date(2026, 6, 20)),
        ("Chad expelled the French ambassador.", None),
    ],
)
def test_the_day_of_what_is_to_come_lies_ahead(coder: Coder, text: str, day: date | None) -> None:
    assert [mention.day for mention in found(coder, text, RELATIONS)] == [day]
