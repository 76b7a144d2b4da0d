import json, sys, numpy as np, pandas as pd, datetime as dt, warnings
warnings.filterwarnings("ignore")
import jax
from meridian.data import data_frame_input_data_builder as b
from meridian.model import model, spec, prior_distribution
U, T = 34, 30
dates = [(dt.date(2022,1,3)+dt.timedelta(days=7*u)).isoformat() for u in range(U)]
def data(G):
    rows=[]
    for g in range(G):
        for u in range(U):
            t=u-(U-T)
            m0=(7*u+3*g)%11; m1=0 if u%3==0 else (5*u+2*g)%7
            reach=((3*u+g)%8)/10; freq=1+0.7*((u+g)%4)
            oreach=((5*u+2*g)%9)/20; ofreq=1+0.4*((u+2*g)%5)
            rows.append(dict(geo=f"g{g}", time=dates[u], population=[100.0,250.0,60.0][g] if G>1 else 1.0,
              kpi=(1+0.1*((t*t+g)%9)+0.02*t)*([100.0,250.0,60.0][g] if G>1 else 1.0)*(1+0.1*g) if t>=0 else np.nan,
              rev=2+0.1*(t%5) if t>=0 else np.nan,
              m0=float(m0)*(1+g), m1=float(m1)*(1+g), s0=0.05*m0*(1+g)*20, s1=0.08*m1*(1+g)*20, reach=reach*(1+g), freq=freq, srf=0.1*reach*freq*40,
              om=float((4*u+g)%9)*(1+g), oreach=oreach, ofreq=ofreq,
              climate=np.sin(t/3+g), income=np.cos(t/5-g), promotion=float((2*t+g)%6), price=float((t*t+2*g)%7)))
    return pd.DataFrame(rows)
def build(G, c):
    d=data(G); k=d[d.kpi.notna()]
    B=b.DataFrameInputDataBuilder(kpi_type=c.get("kpi_type","non_revenue"))
    B=B.with_kpi(k,kpi_col="kpi",time_col="time",geo_col="geo" if G>1 else None) if G>1 else B.with_kpi(k,kpi_col="kpi",time_col="time")
    g=dict(geo_col="geo") if G>1 else {}
    if c.get("revenue",True): B=B.with_revenue_per_kpi(k,revenue_per_kpi_col="rev",time_col="time",**g)
    if G>1: B=B.with_population(k,population_col="population",geo_col="geo")
    B=B.with_controls(k,control_cols=["climate","income"],time_col="time",**g)
    if c.get("treatments",True): B=B.with_non_media_treatments(k,non_media_treatment_cols=["promotion","price"],time_col="time",**g)
    dd=d.copy(); 
    for s in ("s0","s1","srf"): dd.loc[dd.kpi.isna(),s]=np.nan
    B=B.with_media(dd,media_cols=["m0","m1"],media_spend_cols=["s0","s1"],media_channels=["m0","m1"],time_col="time",**g)
    if c.get("rf",True): B=B.with_reach(dd,reach_cols=["reach"],frequency_cols=["freq"],rf_spend_cols=["srf"],rf_channels=["rf"],time_col="time",**g)
    if c.get("organic",True):
        B=B.with_organic_media(d,organic_media_cols=["om"],organic_media_channels=["om"],media_time_col="time",**g)
        B=B.with_organic_reach(d,organic_reach_cols=["oreach"],organic_frequency_cols=["ofreq"],organic_rf_channels=["orf"],media_time_col="time",**g)
    return B.build()
def make(G,c):
    kw={k:c[k] for k in ("media_effects_dist","hill_before_adstock","max_lag","unique_sigma_for_each_geo","media_prior_type","rf_prior_type","organic_media_prior_type","organic_rf_prior_type","non_media_treatments_prior_type","knots","adstock_decay_spec","non_media_baseline_values") if k in c}
    if "holdout" in c:
        h=np.zeros((G,T) if G>1 else (T,),bool); h[...,T-c["holdout"]:]=True; kw["holdout_id"]=h
    if "window" in c:
        m=np.zeros((U,2),bool); m[c["window"][0]:c["window"][1]]=True; kw["roi_calibration_period"]=m
        r=np.zeros((U,1),bool); r[c["window"][0]:c["window"][1]]=True; kw["rf_roi_calibration_period"]=r
    return model.Meridian(input_data=build(G,c), model_spec=spec.ModelSpec(**kw))
def points(mmm, n, seed):
    s=mmm.posterior_sampler_callable
    dist=s._get_joint_dist_unpinned(); pinned=s._get_joint_dist()
    out=[]
    for i in range(n):
        tup=dist.sample(seed=jax.random.PRNGKey(seed+i)); v=tup._asdict()
        free={k:x for k,x in v.items() if k!="y"}
        lj=float(pinned.log_prob(**free))
        y=mmm.model_context.kpi_scaled
        if mmm.model_context.holdout_id is not None: y=np.where(mmm.model_context.holdout_id,0.0,y)
        parts=dist.log_prob_parts(tup._replace(y=jax.numpy.asarray(y)))
        ll=float(np.sum(parts["y"] if isinstance(parts,dict) else parts._asdict()["y"]))
        out.append(dict(values={k:np.asarray(x,dtype=float).reshape(-1).tolist() for k,x in free.items() if k not in ("mu_t","beta_gm","beta_grf","beta_gom","beta_gorf","gamma_gc","gamma_gn")}, log_joint=lj, log_likelihood=ll))
    return out
cases={
 "national default":(1,{}),
 "national mroi, binomial, knots":(1,dict(media_prior_type="mroi",rf_prior_type="mroi",adstock_decay_spec="binomial",knots=5,max_lag=6)),
 "national contribution, hill first":(1,dict(media_prior_type="contribution",rf_prior_type="contribution",hill_before_adstock=True,knots=[0,11,29])),
 "national coefficient":(1,dict(media_prior_type="coefficient",rf_prior_type="coefficient",organic_media_prior_type="coefficient",organic_rf_prior_type="coefficient",non_media_treatments_prior_type="coefficient",holdout=4)),
 "national window":(1,dict(media_prior_type="roi",rf_prior_type="roi",window=[2,17],knots=3)),
 "geo default":(3,{}),
 "geo normal effects, knots":(3,dict(media_effects_dist="normal",knots=4,holdout=3)),
 "geo mroi, own sigmas":(3,dict(media_prior_type="mroi",rf_prior_type="mroi",unique_sigma_for_each_geo=True,knots=6,adstock_decay_spec="binomial")),
 "geo coefficient":(3,dict(media_prior_type="coefficient",rf_prior_type="coefficient",organic_media_prior_type="coefficient",organic_rf_prior_type="coefficient",non_media_treatments_prior_type="coefficient",knots=2)),
 "geo normal coefficient":(3,dict(media_effects_dist="normal",media_prior_type="coefficient",rf_prior_type="coefficient",knots=2)),
 "geo window":(3,dict(media_prior_type="roi",rf_prior_type="roi",window=[2,17],knots=3)),
}
if __name__=="__main__":
    res=[]
    for i,(name,(G,c)) in enumerate(cases.items()):
        try:
            m=make(G,c); p=points(m,3,100*i)
            res.append(dict(name=name,geos=G,config=c,points=p)); print(name, [q["log_joint"] for q in p], flush=True)
        except Exception as e:
            import traceback; traceback.print_exc(); print("FAIL",name,repr(e)[:300], flush=True)
    json.dump(res,open("points.json","w"))
